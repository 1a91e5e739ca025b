using System.Globalization;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Gateway.Tests.Infrastructure;
using Xunit;

namespace Gateway.Tests.Chaos;

/// <summary>One debate after another, started and watched from the first event to the last by a client that behaves.</summary>
/// <remarks>The client loses its connection in the middle of each session and goes on with its last seq.</remarks>
internal sealed class QuietSession(Uri gateway, HttpClient http, string name, List<string> known)
{
    private readonly byte[] _buffer = new byte[64 * 1024];

    /// <summary>From an event's own time to its receipt, in milliseconds, without those that were caught up.</summary>
    public List<double> Latencies { get; } = [];

    public int Sessions { get; private set; }

    public int Events { get; private set; }

    /// <summary>Starts sessions until the time is over, and sees the last one to its end.</summary>
    public async Task RunAsync(CancellationToken timeIsOver)
    {
        while (!timeIsOver.IsCancellationRequested) await RunOneAsync($"{name}-{++Sessions}");
    }

    private async Task RunOneAsync(string id)
    {
        using var answer = await http.PostAsJsonAsync(new Uri(gateway, "api/v1/sessions"), new { session_id = id, workflow = Workflow(), subject = $"The subject of {id}" });
        var words = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"The start of {id} was answered with {(int)answer.StatusCode}: {words}");
        lock (known) known.Add(id);

        var seen = new List<string>();
        var leaveAfter = 30;
        while (!await ReadAsync(id, seen, leaveAfter)) leaveAfter = int.MaxValue;

        await AssertLoggedAsync(id, seen);
        Events += seen.Count;
    }

    // True at the end of the session; false when the connection is given up after so many events.
    private async Task<bool> ReadAsync(string id, List<string> seen, int leaveAfter)
    {
        using var socket = new ClientWebSocket();
        await Wait.For(socket.ConnectAsync(new Uri($"ws://{gateway.Authority}/ws?session_id={id}&after_seq={seen.Count}"), CancellationToken.None), $"the WebSocket of {id}");
        var connected = TimeProvider.System.GetUtcNow().UtcDateTime;
        while (true)
        {
            var frame = await NextAsync(socket, id);
            var now = TimeProvider.System.GetUtcNow().UtcDateTime;
            using var json = JsonDocument.Parse(frame);
            var root = json.RootElement;
            Assert.True(root.TryGetProperty("seq", out var seq) && seq.GetInt64() == seen.Count + 1, $"After event {seen.Count} of {id} came {frame}");
            seen.Add(frame);
            var timestamp = root.GetProperty("timestamp").GetDateTime();
            if (timestamp > connected) Latencies.Add((now - timestamp).TotalMilliseconds);
            if (root.GetProperty("event").GetString() == "execution:completed")
            {
                Assert.Equal("completed", root.GetProperty("data").GetProperty("status").GetString());
                return true;
            }

            if (seen.Count < leaveAfter) continue;
            socket.Abort();
            return false;
        }
    }

    private async Task<string> NextAsync(ClientWebSocket socket, string id)
    {
        var length = 0;
        while (true)
        {
            var received = await Wait.For(socket.ReceiveAsync(_buffer.AsMemory(length), CancellationToken.None).AsTask(), $"an event of {id}");
            Assert.True(received.MessageType == WebSocketMessageType.Text, $"{id} was closed with {socket.CloseStatus}: {socket.CloseStatusDescription}");
            length += received.Count;
            if (received.EndOfMessage) return Encoding.UTF8.GetString(_buffer, 0, length);
        }
    }

    // What was seen is what was logged, event by event.
    private async Task AssertLoggedAsync(string id, List<string> seen)
    {
        var after = 0;
        while (after < seen.Count)
        {
            using var page = await Wait.For(http.GetFromJsonAsync<JsonDocument>(new Uri(gateway, string.Create(CultureInfo.InvariantCulture, $"api/v1/sessions/{id}/events?after_seq={after}&limit=500"))), $"the events of {id}");
            var events = page!.RootElement.GetProperty("events").EnumerateArray().ToList();
            Assert.NotEmpty(events);
            foreach (var logged in events) Assert.Equal(logged.GetRawText(), seen[after++]);
        }
    }

    // Three agents in parallel and one behind them.
    private static object Workflow() => new
    {
        agents = new { a = new { model = "calm" } },
        nodes = new Dictionary<string, object>
        {
            ["s"] = new { type = "start", next = "p" },
            ["p"] = new { type = "parallel", next = new[] { "x", "y", "z" } },
            ["x"] = new { type = "agent", agent = "a", next = "j" },
            ["y"] = new { type = "agent", agent = "a", next = "j" },
            ["z"] = new { type = "agent", agent = "a", next = "j" },
            ["j"] = new { type = "agent", agent = "a", next = "e" },
            ["e"] = new { type = "end" },
        },
    };
}
