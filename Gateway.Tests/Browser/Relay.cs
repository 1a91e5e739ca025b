using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Gateway.Tests.Browser;

/// <summary>A bad line: hands bytes on to the gateway, until a test drops, freezes or refuses its connections.</summary>
internal sealed class Relay : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<Socket, bool> _sockets = new();
    private readonly ConcurrentBag<Task> _pumps = [];
    private volatile int _target;
    private readonly Task _accepting;
    private volatile TaskCompletionSource _thawed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _refusing;

    public Relay(Uri target)
    {
        _target = target.Port;
        _thawed.SetResult();
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>Where it listens.</summary>
    public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    /// <summary>Hands new connections on to another gateway.</summary>
    public void Turn(Uri target) => _target = target.Port;

    /// <summary>Cuts all connections; new ones are taken.</summary>
    public void Drop()
    {
        foreach (var socket in _sockets.Keys) Cut(socket);
    }

    /// <summary>Keeps all connections and hands nothing on.</summary>
    public void Freeze() => _thawed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Goes on where it was frozen.</summary>
    public void Thaw() => _thawed.TrySetResult();

    /// <summary>Cuts all connections, and each new one at once.</summary>
    public void Refuse()
    {
        _refusing = true;
        Drop();
    }

    /// <summary>Takes connections again.</summary>
    public void Restore() => _refusing = false;

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        Refuse();
        Thaw();
        await _accepting;
        await Task.WhenAll(_pumps);
    }

    private static void Cut(Socket socket)
    {
        try
        {
            // Without a goodbye: the other end sees a reset.
            socket.LingerState = new LingerOption(true, 0);
            socket.Dispose();
        }
        catch (ObjectDisposedException)
        {
            // Its connection has ended meanwhile.
        }
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptSocketAsync();
                if (_refusing) Cut(client);
                else _pumps.Add(ServeAsync(client));
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The listener was stopped.
        }
    }

    private async Task ServeAsync(Socket client)
    {
        var server = new Socket(SocketType.Stream, ProtocolType.Tcp);
        _sockets[client] = _sockets[server] = true;
        try
        {
            await server.ConnectAsync(IPAddress.Loopback, _target);
            await Task.WhenAll(PumpAsync(client, server), PumpAsync(server, client));
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Dropped, by one of the ends or by the test.
        }
        finally
        {
            foreach (var socket in (Socket[])[client, server])
            {
                _sockets.TryRemove(socket, out _);
                socket.Dispose();
            }
        }
    }

    private async Task PumpAsync(Socket from, Socket to)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer) is > 0 and var count)
            {
                await _thawed.Task;
                await to.SendAsync(buffer.AsMemory(0, count));
            }

            to.Shutdown(SocketShutdown.Send);
        }
        catch
        {
            from.Dispose();
            to.Dispose();
            throw;
        }
    }
}
