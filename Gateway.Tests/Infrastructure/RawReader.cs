using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Gateway.Contracts;
using Xunit;

namespace Gateway.Tests.Infrastructure;

/// <summary>A client on <c>/ws</c>, over a real socket or through the test host.</summary>
internal sealed class RawReader(WebSocket socket) : IWireReader
{
    private readonly byte[] _buffer = new byte[256 * 1024];

    public WebSocket Socket { get; } = socket;

    public static async Task<RawReader> ConnectAsync(GatewayFixture gateway, string pathAndQuery) => new(await gateway.ConnectWebSocketAsync(pathAndQuery));

    public async Task<SessionEvent> NextAsync()
    {
        var text = await NextTextAsync();
        return EventSerializer.Deserialize(Encoding.UTF8.GetBytes(text)) ?? throw new InvalidOperationException("Not an event: " + text);
    }

    /// <summary>The next message as text; null when the server has closed.</summary>
    public async Task<string?> NextTextOrCloseAsync()
    {
        var length = 0;
        while (true)
        {
            var result = await Wait.For(Socket.ReceiveAsync(_buffer.AsMemory(length), CancellationToken.None).AsTask(), "a message on /ws");
            if (result.MessageType == WebSocketMessageType.Close) return null;
            length += result.Count;
            if (result.EndOfMessage) return Encoding.UTF8.GetString(_buffer, 0, length);
        }
    }

    public async Task<string> NextTextAsync() => await NextTextOrCloseAsync() ?? throw new InvalidOperationException($"The server closed with {Socket.CloseStatus}: {Socket.CloseStatusDescription}");

    public async Task<JsonElement> NextJsonAsync() => JsonDocument.Parse(await NextTextAsync()).RootElement;

    public Task SendAsync(string text) => Socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, true, CancellationToken.None);

    public async Task EndAsync()
    {
        // The connection stays for other sessions: what answers comes behind whatever was still to come.
        await SendAsync("""{"cmd":"ping"}""");
        Assert.Equal("pong", (await NextJsonAsync()).GetProperty("event").GetString());
    }

    public async Task<string> RefusalAsync() => (await NextJsonAsync()).GetProperty("data").GetProperty("code").GetString()!;

    public ValueTask DisposeAsync()
    {
        Socket.Abort();
        Socket.Dispose();
        return ValueTask.CompletedTask;
    }
}
