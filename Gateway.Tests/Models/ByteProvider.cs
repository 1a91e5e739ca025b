using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Gateway.Tests.Infrastructure;

namespace Gateway.Tests.Models;

/// <summary>A provider that sends exactly the bytes it is given, over a socket of its own.</summary>
internal sealed class ByteProvider : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<ByteCall> _calls = new();
    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _left = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Func<ByteCall, ByteReply> _answer;
    private readonly Task _accepting;

    public ByteProvider(Func<ByteCall, ByteReply> answer)
    {
        _answer = answer;
        _listener.Start();
        _accepting = Accept();
    }

    /// <summary>Gives these answers, the last one again and again.</summary>
    public ByteProvider(params ByteReply[] replies)
        : this(call => replies[Math.Min(call.Number, replies.Length) - 1])
    {
    }

    public string Address => $"http://{_listener.LocalEndpoint}";

    /// <summary>Everything it was asked, in order.</summary>
    public ByteCall[] Calls => [.. _calls];

    /// <summary>Waits for the first question.</summary>
    public Task Asked() => Wait.For(_asked.Task, "a question to the provider");

    /// <summary>Waits until the client closes a connection on which nothing more is sent.</summary>
    public Task Left() => Wait.For(_left.Task, "the client to close the connection");

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _accepting;
        _listener.Stop();
        _stop.Dispose();
    }

    private async Task Accept()
    {
        List<Task> open = [];
        try
        {
            while (true) open.Add(Serve(await _listener.AcceptSocketAsync(_stop.Token)));
        }
        catch (Exception failure) when (failure is OperationCanceledException or SocketException)
        {
            await Task.WhenAll(open);
        }
    }

    private async Task Serve(Socket socket)
    {
        using (socket)
        {
            try
            {
                socket.NoDelay = true;
                await using var stream = new NetworkStream(socket);
                if (await Read(stream) is not { } call) return;
                _calls.Enqueue(call);
                _asked.TrySetResult();
                await Send(stream, _answer(call));
                socket.Shutdown(SocketShutdown.Send);
                await stream.ReadAtLeastAsync(new byte[1], 1, throwOnEndOfStream: false, _stop.Token);
            }
            catch (Exception failure) when (failure is IOException or SocketException or OperationCanceledException)
            {
                // Either side may go whenever it wants to.
            }
        }
    }

    private async Task Send(NetworkStream stream, ByteReply reply)
    {
        if (reply.Status > 0)
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {reply.Status} X\r\nContent-Type: {reply.Type}\r\nConnection: close\r\n{reply.Head}\r\n"), _stop.Token);
        }

        for (var at = 0; at < reply.Body.Length; at += reply.Segment)
        {
            await stream.WriteAsync(reply.Body.AsMemory(at, Math.Min(reply.Segment, reply.Body.Length - at)), _stop.Token);
        }

        if (!reply.StaysOpen) return;
        await stream.ReadAtLeastAsync(new byte[1], 1, throwOnEndOfStream: false, _stop.Token);
        _left.TrySetResult();
    }

    private async Task<ByteCall?> Read(NetworkStream stream)
    {
        var bytes = new List<byte>();
        var buffer = new byte[64 * 1024];
        while (true)
        {
            var read = await stream.ReadAsync(buffer, _stop.Token);
            if (read == 0) return null;
            bytes.AddRange(buffer.AsSpan(0, read));
            var text = Encoding.Latin1.GetString([.. bytes]);
            var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (end < 0) continue;
            var lines = text[..end].Split("\r\n");
            var headers = lines.Skip(1).Select(line => line.Split(": ", 2)).ToDictionary(pair => pair[0], pair => pair[1], StringComparer.OrdinalIgnoreCase);
            var length = int.Parse(headers["Content-Length"], System.Globalization.CultureInfo.InvariantCulture);
            if (bytes.Count < end + 4 + length) continue;
            return new ByteCall(_calls.Count + 1, lines[0].Split(' ')[1], headers, JsonElement.Parse(bytes.Skip(end + 4).Take(length).ToArray()));
        }
    }
}
