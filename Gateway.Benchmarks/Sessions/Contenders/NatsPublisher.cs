using System.Buffers;
using System.Globalization;
using System.Net.WebSockets;
using System.Text;

namespace Gateway.Benchmarks.Sessions.Contenders;

/// <summary>A connection that publishes: what is given while a write is under way goes into the next one, as NATS's own clients do it.</summary>
internal sealed class NatsPublisher(ClientWebSocket socket, CancellationToken end)
{
    private readonly Lock _gate = new();
    private ArrayBufferWriter<byte> _waiting = new(64 * 1024);
    private ArrayBufferWriter<byte> _written = new(64 * 1024);
    private bool _writing;

    /// <summary>Publishes to a subject.</summary>
    public void Publish(string subject, ReadOnlySpan<byte> payload)
    {
        lock (_gate)
        {
            _waiting.Advance(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"PUB {subject} {payload.Length}\r\n"), _waiting.GetSpan(64 + subject.Length)));
            _waiting.Write(payload);
            _waiting.Write("\r\n"u8);
            if (_writing) return;
            _writing = true;
        }

        _ = WriteAsync();
    }

    private async Task WriteAsync()
    {
        try
        {
            while (true)
            {
                lock (_gate)
                {
                    if (_waiting.WrittenCount == 0)
                    {
                        _writing = false;
                        return;
                    }

                    (_waiting, _written) = (_written, _waiting);
                }

                await socket.SendAsync(_written.WrittenMemory, WebSocketMessageType.Binary, endOfMessage: true, end);
                _written.ResetWrittenCount();
            }
        }
        catch (Exception exception) when (exception is WebSocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The end of the measurement.
        }
    }
}
