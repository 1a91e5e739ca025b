using System.Buffers.Text;
using System.Net.WebSockets;

namespace Gateway.Benchmarks.Slow;

/// <summary>A reader that keeps up, and notes how long each event was on its way.</summary>
internal sealed class LiveReader : IDisposable
{
    private readonly ClientWebSocket _socket = new();
    private readonly byte[] _buffer = new byte[16 * 1024];
    private readonly List<double> _milliseconds = [];
    private readonly Lock _gate = new();

    /// <summary>Connects for what happens from now on and reads until it is disposed.</summary>
    public static async Task<LiveReader> ConnectAsync(int port)
    {
        var reader = new LiveReader();
        await reader._socket.ConnectAsync(new Uri($"ws://127.0.0.1:{port}/ws"), CancellationToken.None);
        _ = reader.ReadAsync();
        return reader;
    }

    /// <summary>Takes what was noted since the last call.</summary>
    public IReadOnlyList<double> Take()
    {
        lock (_gate)
        {
            var taken = _milliseconds.ToList();
            _milliseconds.Clear();
            return taken;
        }
    }

    public void Dispose() => _socket.Dispose();

    private async Task ReadAsync()
    {
        try
        {
            while (true)
            {
                var received = await _socket.ReceiveAsync(_buffer.AsMemory(), CancellationToken.None);
                var text = _buffer.AsSpan(0, received.Count);
                var stamp = text.IndexOf("@t="u8);
                if (stamp < 0 || !Utf8Parser.TryParse(text[(stamp + 3)..], out long sent, out _)) continue;
                lock (_gate) _milliseconds.Add(TimeProvider.System.GetElapsedTime(sent).TotalMilliseconds);
            }
        }
        catch (Exception exception) when (exception is WebSocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The end of the measurement.
        }
    }
}
