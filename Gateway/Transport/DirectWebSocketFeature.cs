using System.Net.WebSockets;
using Gateway.Delivery;
using Gateway.Delivery.Outputs;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Transport;

/// <summary>Accepts a WebSocket whose writes all go through one <see cref="FrameSender"/>, on <c>/ws</c> and under SignalR alike.</summary>
internal sealed class DirectWebSocketFeature(HttpContext context, IHttpUpgradeFeature upgrade, SessionFeeds feeds) : IHttpWebSocketFeature
{
    /// <summary>The sending side, once the WebSocket is accepted. The door that takes it names its wire.</summary>
    public FrameSender? Sender { get; private set; }

    /// <inheritdoc/>
    public bool IsWebSocketRequest => WebSocketHandshake.IsValid(context.Request);

    /// <inheritdoc/>
    public async Task<WebSocket> AcceptAsync(WebSocketAcceptContext accept)
    {
        WebSocketHandshake.Accept(context, accept.SubProtocol);
        var stream = await upgrade.UpgradeAsync();

        // Only a plain connection whose HTTP responses went out through the same socket can be written past Kestrel.
        var direct = context.Features.Get<ITlsHandshakeFeature>() is null ? context.Features.Get<DirectSocketFeature>() : null;
        FrameOutput output = direct is null ? new StreamOutput(stream, context.Features.Get<DirectSocketFeature>()?.Socket) : new SocketOutput(direct.Socket);
        context.LetReadersBeSlow();
        Sender = feeds.CreateSender(output, context.Abort, pings: true);

        return WebSocket.CreateFromStream(new FrameStream(stream, Sender), new WebSocketCreationOptions
        {
            IsServer = true,
            SubProtocol = accept.SubProtocol,
            KeepAliveInterval = TimeSpan.Zero,
        });
    }
}
