using System.Globalization;
using System.Net.WebSockets;
using System.Text;
using Gateway.Contracts;

namespace Gateway.Tests.Crash;

/// <summary>Watches one session over <c>/ws</c> through every life of a gateway, resuming with <c>after_seq</c>.</summary>
internal sealed class RawClient(GatewayLives lives, string sessionId, Action<SessionEvent>? onEvent = null)
{
    // Asked for again after a reconnect, to see that nothing has changed.
    private const int Overlap = 5;

    private readonly TaskCompletionSource _connected = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly byte[] _buffer = new byte[256 * 1024];

    public Recording Seen { get; } = new("the client on /ws");

    /// <summary>Completes with the first connection.</summary>
    public Task Connected => _connected.Task;

    /// <summary>Leaves, and comes back at once, after each of these events.</summary>
    public IReadOnlySet<long> LeavesAfter { get; init; } = new HashSet<long>();

    /// <summary>Reads nothing before this has completed.</summary>
    public Task Starts { get; init; } = Task.CompletedTask;

    /// <summary>Reads to the session's end.</summary>
    public async Task RunAsync()
    {
        var life = 0;
        while (true)
        {
            var after = Math.Max(0, Seen.LastSeq - Overlap);
            var (process, socket) = await lives.ConnectAsync(life, string.Create(CultureInfo.InvariantCulture, $"/ws?session_id={sessionId}&after_seq={after}"));
            _connected.TrySetResult();
            await Starts;
            using (socket)
            {
                switch (await ReadAsync(socket))
                {
                    case Ending.Finished:
                        return;
                    case Ending.Left:
                        break;
                    default:
                        await process.Exited;
                        life = process.Life;
                        break;
                }
            }
        }
    }

    private async Task<Ending> ReadAsync(WebSocket socket)
    {
        while (await NextAsync(socket) is { } frame)
        {
            var sessionEvent = EventSerializer.Deserialize(Encoding.UTF8.GetBytes(frame));
            if (sessionEvent is not { Seq: > 0 }) throw new InvalidOperationException($"The gateway sent {frame} after event {Seen.LastSeq}.");
            if (!Seen.AddAgain(sessionEvent, frame)) continue;
            onEvent?.Invoke(sessionEvent);
            if (sessionEvent is SessionEvent<ExecutionCompleted>) return Ending.Finished;
            if (LeavesAfter.Contains(sessionEvent.Seq))
            {
                socket.Abort();
                return Ending.Left;
            }
        }

        return Ending.Lost;
    }

    private async Task<string?> NextAsync(WebSocket socket)
    {
        var length = 0;
        try
        {
            while (true)
            {
                var received = await socket.ReceiveAsync(_buffer.AsMemory(length), CancellationToken.None);
                if (received.MessageType == WebSocketMessageType.Close) throw new InvalidOperationException($"The gateway closed with {socket.CloseStatus}: {socket.CloseStatusDescription}.");
                length += received.Count;
                if (received.EndOfMessage) return Encoding.UTF8.GetString(_buffer, 0, length);
            }
        }
        catch (WebSocketException)
        {
            return null;
        }
    }

    private enum Ending
    {
        Finished,
        Left,
        Lost,
    }
}
