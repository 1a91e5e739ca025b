using System.Net.WebSockets;
using System.Text.Json;
using Xunit;

namespace Gateway.Tests.Infrastructure;

/// <summary>A client on <c>/ws</c> that tells the replies to its own frames from the events of sessions.</summary>
internal sealed class WsClient(RawReader reader) : IAsyncDisposable
{
    private readonly Queue<JsonElement> _replies = new();
    private readonly Queue<JsonElement> _events = new();
    private int _id;

    public WebSocket Socket => reader.Socket;

    public static async Task<WsClient> ConnectAsync(GatewayFixture gateway, string pathAndQuery = "/ws") => new(await RawReader.ConnectAsync(gateway, pathAndQuery));

    public Task SendAsync(string text) => reader.SendAsync(text);

    public Task SendAsync(byte[] message, WebSocketMessageType type, bool end = true) => reader.Socket.SendAsync(message, type, end, CancellationToken.None);

    /// <summary>The next frame that is not an event of a session.</summary>
    public Task<JsonElement> ReplyAsync() => NextAsync(_replies, _events, isReply: true);

    /// <summary>The next event of a session.</summary>
    public Task<JsonElement> EventAsync() => NextAsync(_events, _replies, isReply: false);

    /// <summary>Sends a command with an id and returns what answers it.</summary>
    public async Task<JsonElement> AskAsync(string command, object? data = null)
    {
        var id = $"c{++_id}";
        await SendAsync(JsonSerializer.Serialize(data is null ? new { cmd = command, id } : (object)new { cmd = command, id, data }));
        var reply = await ReplyAsync();
        Assert.Equal(id, reply.GetProperty("id").GetString());
        return reply;
    }

    /// <summary>Sends a command that is accepted; returns its session.</summary>
    public async Task<string> AckAsync(string command, object? data = null)
    {
        var reply = await AskAsync(command, data);
        Assert.True(reply.GetProperty("event").GetString() == "ack", $"{command} was answered with {reply}");
        return reply.GetProperty("data").GetProperty("session_id").GetString()!;
    }

    /// <summary>Sends a command that is refused; returns the code.</summary>
    public async Task<string> RefusalAsync(string command, object? data = null)
    {
        var reply = await AskAsync(command, data);
        Assert.True(reply.GetProperty("event").GetString() == "error", $"{command} was answered with {reply}");
        return reply.GetProperty("data").GetProperty("code").GetString()!;
    }

    /// <summary>The events of one session up to and with its end.</summary>
    public async Task<List<JsonElement>> ReadToEndAsync(string sessionId)
    {
        var events = new List<JsonElement>();
        while (true)
        {
            var next = await EventAsync();
            if (next.GetProperty("data").GetProperty("session_id").GetString() != sessionId) continue;
            events.Add(next);
            if (next.GetProperty("event").GetString() == "execution:completed") return events;
        }
    }

    /// <summary>The connection is open, and has no reply left to give.</summary>
    public async Task AssertServesAsync()
    {
        await SendAsync("""{"cmd":"ping"}""");
        Assert.Equal("pong", (await ReplyAsync()).GetProperty("event").GetString());
    }

    /// <summary>Reads up to the server's close frame.</summary>
    public async Task<int> CloseCodeAsync()
    {
        while (await reader.NextTextOrCloseAsync() is not null)
        {
            // Whatever came before the close.
        }

        return (int)Socket.CloseStatus!.Value;
    }

    public ValueTask DisposeAsync() => reader.DisposeAsync();

    private async Task<JsonElement> NextAsync(Queue<JsonElement> wanted, Queue<JsonElement> others, bool isReply)
    {
        if (wanted.TryDequeue(out var waiting)) return waiting;
        while (true)
        {
            var frame = await reader.NextJsonAsync();
            if (isReply != frame.TryGetProperty("seq", out _)) return frame;
            others.Enqueue(frame);
        }
    }
}
