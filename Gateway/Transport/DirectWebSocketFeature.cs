using System.Net.WebSockets;
using Gateway.Delivery;
using Gateway.Delivery.Outputs;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Transport;

/// <summary>Accepts a WebSocket whose writes all go through one <see cref="FrameSender"/>, on <c>/ws</c> and under SignalR alike.</summary>
public sealed class DirectWebSocketFeature : IHttpWebSocketFeature
{
    private readonly HttpContext _context;
    private readonly IHttpUpgradeFeature _upgrade;
    private readonly SessionFeeds _feeds;

    internal DirectWebSocketFeature(HttpContext context, IHttpUpgradeFeature upgrade, SessionFeeds feeds)
    {
        _context = context;
        _upgrade = upgrade;
        _feeds = feeds;
    }

    /// <summary>The sending side, once the WebSocket is accepted.</summary>
    public FrameSender? Sender { get; private set; }

    /// <inheritdoc/>
    public bool IsWebSocketRequest => WebSocketHandshake.IsValid(_context.Request);

    /// <inheritdoc/>
    public async Task<WebSocket> AcceptAsync(WebSocketAcceptContext context)
    {
        WebSocketHandshake.Accept(_context, context.SubProtocol);
        var stream = await _upgrade.UpgradeAsync();

        // Only a plain connection whose HTTP responses went out through the same socket can be written past Kestrel.
        var direct = _context.Features.Get<ITlsHandshakeFeature>() is null ? _context.Features.Get<DirectSocketFeature>() : null;
        FrameOutput output = direct is null ? new StreamOutput(stream, _context.Features.Get<DirectSocketFeature>()?.Socket) : new SocketOutput(direct.Socket);
        _context.LetReadersBeSlow();
        Sender = _feeds.CreateSender(output, _feeds.Wires.Raw, _context.Abort, pings: true);

        return WebSocket.CreateFromStream(new FrameStream(stream, Sender), new WebSocketCreationOptions
        {
            IsServer = true,
            SubProtocol = context.SubProtocol,
            KeepAliveInterval = TimeSpan.Zero,
        });
    }
}
