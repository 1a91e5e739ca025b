using System.Net.WebSockets;
using Gateway.Benchmarks.Conformance.Faults;
using Gateway.Benchmarks.Conformance.Messages;

namespace Gateway.Benchmarks.Conformance.Lines;

/// <summary>WebSockets, of <c>/ws</c> and of the hub.</summary>
internal sealed class SocketForwarder
{
    private const int PartBytes = 16 * 1024;
    private static readonly string[] s_passed = ["Authorization", "Cookie", "Origin", "Host", "User-Agent"];

    /// <summary>Connects a client to the gateway until one of them leaves.</summary>
    public async Task ServeAsync(HttpContext context, Uri gateway, Play play)
    {
        using var far = new ClientWebSocket();
        far.Options.CollectHttpResponseDetails = true;
        far.Options.KeepAliveInterval = TimeSpan.Zero;
        far.Options.Proxy = null;
        foreach (var protocol in context.WebSockets.WebSocketRequestedProtocols) far.Options.AddSubProtocol(protocol);
        foreach (var name in s_passed)
        {
            if (context.Request.Headers.TryGetValue(name, out var value)) far.Options.SetRequestHeader(name, value);
        }

        try
        {
            await far.ConnectAsync(new UriBuilder(gateway) { Scheme = "ws", Path = context.Request.Path, Query = FaultPlan.Without(context.Request.Query).Value }.Uri, context.RequestAborted);
        }
        catch (WebSocketException)
        {
            context.Response.StatusCode = far.HttpStatusCode == 0 ? StatusCodes.Status502BadGateway : (int)far.HttpStatusCode;
            return;
        }

        using var near = await context.WebSockets.AcceptWebSocketAsync(new WebSocketAcceptContext { SubProtocol = far.SubProtocol, KeepAliveInterval = Timeout.InfiniteTimeSpan });
        var line = new SocketLine(context, near);
        var up = UpAsync(near, far, line, context.RequestAborted);
        await DownAsync(context, near, far, line, play);
        await up;
    }

    private static async Task DownAsync(HttpContext context, WebSocket near, ClientWebSocket far, SocketLine line, Play play)
    {
        var leaving = context.RequestAborted;
        MessageFormat format = context.Request.Path.Value!.EndsWith("/hub", StringComparison.Ordinal) ? new HubFormat() : new SocketFormat();
        var inOrder = await play.RunAsync(format, line, () => ReadAsync(far, line, leaving), leaving);

        // A dead connection does not end with the gateway's: the client has to find out.
        if (line.IsDead) return;
        if (!inOrder) context.Abort();
        else if (near.State is WebSocketState.Open or WebSocketState.CloseReceived) await near.CloseOutputAsync(far.CloseStatus ?? WebSocketCloseStatus.NormalClosure, far.CloseStatusDescription, leaving);
    }

    private static async Task<ReadOnlyMemory<byte>> ReadAsync(ClientWebSocket far, SocketLine line, CancellationToken cancellationToken)
    {
        var message = new System.Buffers.ArrayBufferWriter<byte>(PartBytes);
        while (true)
        {
            var part = await far.ReceiveAsync(message.GetMemory(PartBytes), cancellationToken);
            if (part.MessageType == WebSocketMessageType.Close) return default;
            line.Type = part.MessageType;
            message.Advance(part.Count);
            if (part.EndOfMessage && message.WrittenCount > 0) return message.WrittenMemory;
        }
    }

    // To the gateway nothing happens, but that it is not reached any more on a dead line.
    private static async Task UpAsync(WebSocket near, ClientWebSocket far, SocketLine line, CancellationToken cancellationToken)
    {
        var buffer = new byte[PartBytes];
        try
        {
            while (true)
            {
                var part = await near.ReceiveAsync(buffer.AsMemory(), cancellationToken);
                if (part.MessageType == WebSocketMessageType.Close)
                {
                    // Nobody answers on a dead line; it ends with the connection below it.
                    if (line.IsDead) await Task.Delay(Timeout.Infinite, cancellationToken);
                    if (far.State is WebSocketState.Open or WebSocketState.CloseReceived) await far.CloseOutputAsync(near.CloseStatus ?? WebSocketCloseStatus.NormalClosure, near.CloseStatusDescription, cancellationToken);
                    return;
                }

                if (!line.IsDead) await far.SendAsync(buffer.AsMemory(0, part.Count), part.MessageType, part.EndOfMessage, cancellationToken);
            }
        }
        catch (Exception exception) when (Forwarder.IsEnd(exception))
        {
            // The gateway hears of the loss as it would without the kit.
            far.Abort();
        }
    }
}
