using System.Net.WebSockets;

namespace Gateway.Benchmarks.Conformance.Lines;

/// <summary>A client's WebSocket.</summary>
internal sealed class SocketLine(HttpContext context, WebSocket socket) : ClientLine
{
    /// <summary>What kind of messages the gateway sends.</summary>
    public WebSocketMessageType Type { get; set; }

    protected override async Task WriteAsync(ReadOnlyMemory<byte> part, bool isLast, CancellationToken cancellationToken) =>
        await socket.SendAsync(part, Type, isLast, cancellationToken);

    protected override Task SayGoodbyeAsync(int code, string words, CancellationToken cancellationToken) =>
        socket.CloseOutputAsync((WebSocketCloseStatus)code, words, cancellationToken);

    protected override void Abort() => context.Abort();
}
