using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Gateway.Tests.Infrastructure;

namespace Gateway.Tests.Conformance;

/// <summary>A way to a gateway, below all protocols: it delays bytes and cuts them into pieces, and breaks, half-closes or silences connections anywhere.</summary>
/// <remarks>A seed decides about the n-th connection. After <see cref="RoughConnections"/> of them it only delays, so that everybody comes to an end.</remarks>
internal sealed class RoughLine : IAsyncDisposable
{
    private const int RoughConnections = 24;
    private const int LongestLife = 12_000;
    private const int AfterHandshakes = 3_000;

    private readonly ConcurrentDictionary<Socket, Socket> _pairs = [];
    private readonly ConcurrentBag<Task> _passing = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Uri _target;
    private readonly int? _seed;
    private readonly Task _accepting;
    private int _count;

    /// <param name="target">Where the gateway is.</param>
    /// <param name="seed">Decides what happens; null: nothing does, but <see cref="Cut"/>.</param>
    public RoughLine(Uri target, int? seed)
    {
        (_target, _seed) = (target, seed);
        _listener.Start(backlog: 4096);
        _accepting = AcceptAsync();
    }

    /// <summary>Where it is reached.</summary>
    public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    /// <summary>How many connections there have been.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Breaks every connection there is; returns how many.</summary>
    public int Cut()
    {
        var pairs = _pairs.ToList();
        foreach (var (near, far) in pairs) Break(near, far);
        return pairs.Count;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await Wait.For(_accepting, "the end of the line");
        Cut();
        await Wait.For(Task.WhenAll(_passing), "the ends of all connections of the line");
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var near = await _listener.AcceptSocketAsync(_stop.Token);
                _passing.Add(ServeAsync(near, Interlocked.Increment(ref _count)));
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The line is taken down.
        }
    }

    private async Task ServeAsync(Socket near, int number)
    {
        var far = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        near.NoDelay = true;
        _pairs[near] = far;
        try
        {
            await far.ConnectAsync(IPAddress.Loopback, _target.Port, _stop.Token);
            var fate = Fate.Of(_seed, number);
            await Task.WhenAll(PassAsync(near, far, fate, isDown: false), PassAsync(far, near, fate, isDown: true));
        }
        catch (Exception exception) when (IsEnd(exception))
        {
            // One side has gone, or the line breaks the connection.
        }

        Break(near, far);
        _pairs.TryRemove(near, out _);
    }

    private async Task PassAsync(Socket from, Socket to, Fate fate, bool isDown)
    {
        var buffer = new byte[4096];
        var chance = fate.Chance(isDown);
        var left = isDown ? fate.DownBytes : fate.UpBytes;
        try
        {
            while (true)
            {
                var count = await from.ReceiveAsync(buffer.AsMemory(0, fate.IsCalm ? buffer.Length : chance.Next(1, buffer.Length)), _stop.Token);
                if (count == 0)
                {
                    to.Shutdown(SocketShutdown.Send);
                    return;
                }

                var passed = (int)Math.Min(count, left);
                left -= passed;
                if (!fate.IsCalm && chance.Next(4) == 0) await Task.Delay(chance.Next(1, 15), _stop.Token);
                for (var sent = 0; sent < passed;) sent += await to.SendAsync(buffer.AsMemory(sent, fate.IsCalm ? passed - sent : Math.Min(chance.Next(1, 700), passed - sent)), _stop.Token);
                if (left > 0) continue;
                switch (fate.End)
                {
                    case End.Break:
                        Break(from, to);
                        return;
                    case End.HalfClose:
                        // What is still on its way in this direction is lost, and the other one goes on.
                        to.Shutdown(SocketShutdown.Send);
                        return;
                    case End.Silence:
                        while (await from.ReceiveAsync(buffer, _stop.Token) > 0)
                        {
                            // Taken, and passed to nobody.
                        }

                        return;
                }
            }
        }
        catch (Exception exception) when (IsEnd(exception))
        {
            Break(from, to);
        }
    }

    // With a reset, as when a machine goes: nothing is said in order any more.
    private static void Break(Socket near, Socket far)
    {
        near.Close(0);
        far.Close(0);
    }

    private static bool IsEnd(Exception exception) => exception is SocketException or ObjectDisposedException or OperationCanceledException;

    private enum End
    {
        Break,
        HalfClose,
        Silence,
    }

    // What becomes of a connection.
    private sealed record Fate(int Seed, End End, long UpBytes, long DownBytes, bool IsCalm)
    {
        public static Fate Of(int? seed, int number)
        {
            if (seed is null) return new Fate(0, End.Break, long.MaxValue, long.MaxValue, IsCalm: true);
            var chance = new Random(unchecked(seed.Value + (number * 7919)));
            var end = (End)chance.Next(3);
            if (number > RoughConnections) return new Fate(chance.Next(), end, long.MaxValue, long.MaxValue, IsCalm: false);

            // Most break while events come down; some before they are even made. Silence in a handshake takes the long limits of transports to find.
            var (up, down) = (chance.Next(4) == 0 ? chance.Next(1, 1500) : long.MaxValue, chance.Next(1, LongestLife));
            return new Fate(chance.Next(), end == End.Silence && (up < long.MaxValue || down < AfterHandshakes) ? End.Break : end, up, down, IsCalm: false);
        }

        public Random Chance(bool isDown) => new(Seed + (isDown ? 1 : 0));
    }
}
