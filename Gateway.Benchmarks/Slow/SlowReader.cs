using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Gateway.Benchmarks.Slow;

/// <summary>A reader that stops reading, or reads one byte a second.</summary>
internal sealed class SlowReader : IDisposable
{
    private const int ReceiveBuffer = 4 * 1024;

    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = ReceiveBuffer };
    private readonly Timer? _sip;

    private SlowReader(bool sips)
    {
        var one = new byte[1];
        if (sips) _sip = new Timer(_ => _socket.Receive(one, SocketFlags.None, out var _), null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
    }

    /// <summary>Connects for what happens from now on; returns once it is being sent to.</summary>
    public static async Task<SlowReader> ConnectAsync(int port, bool sips)
    {
        var reader = new SlowReader(sips);
        await reader._socket.ConnectAsync(IPAddress.Loopback, port);
        await reader._socket.SendAsync(Encoding.ASCII.GetBytes(
            "GET /ws HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"));
        await reader._socket.ReceiveAsync(new byte[16], SocketFlags.None);
        return reader;
    }

    public void Dispose()
    {
        _sip?.Dispose();
        _socket.Dispose();
    }
}
