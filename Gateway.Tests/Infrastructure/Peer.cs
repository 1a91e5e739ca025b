using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Xunit;

namespace Gateway.Tests.Infrastructure;

/// <summary>A client that speaks WebSocket by hand over a real socket, and so can misbehave; it reads only when told to.</summary>
internal sealed class Peer(Socket socket) : IAsyncDisposable
{
    public const int Text = 1;
    public const int Binary = 2;
    public const int Close = 8;
    public const int Ping = 9;
    public const int Pong = 10;

    private const int Final = 0x80;
    private const int Masked = 0x80;

    private readonly byte[] _mask = [1, 2, 3, 4];
    private byte[] _buffer = new byte[4 * 1024];
    private int _start;
    private int _end;

    public Socket Socket { get; } = socket;

    /// <summary>Bytes of frames read so far.</summary>
    public long BytesRead { get; private set; }

    /// <summary>Opens a TCP connection; a small receive buffer makes it easy to fill.</summary>
    public static async Task<Peer> DialAsync(GatewayFixture gateway, int? receiveBuffer = null)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        if (receiveBuffer is { } size) socket.ReceiveBufferSize = size;
        await Wait.For(socket.ConnectAsync(IPAddress.Loopback, gateway.Address.Port), "a TCP connection");
        return new Peer(socket);
    }

    /// <summary>Opens a WebSocket and reads nothing behind its handshake.</summary>
    public static async Task<Peer> ConnectAsync(GatewayFixture gateway, string pathAndQuery, int? receiveBuffer = null)
    {
        var peer = await DialAsync(gateway, receiveBuffer);
        var status = await peer.UpgradeAsync(pathAndQuery);
        return status.StartsWith("HTTP/1.1 101 ", StringComparison.Ordinal) ? peer : throw new InvalidOperationException("Refused: " + status);
    }

    /// <summary>Asks for an event stream and reads nothing behind the head of the answer.</summary>
    public static async Task<Peer> StreamAsync(GatewayFixture gateway, string path, int? receiveBuffer = null)
    {
        var peer = await DialAsync(gateway, receiveBuffer);
        await peer.SendBytesAsync(Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n"));
        Assert.StartsWith("HTTP/1.1 200 ", await peer.ReadHeadAsync(), StringComparison.Ordinal);
        return peer;
    }

    /// <summary>Sends the opening handshake; returns the head of the answer.</summary>
    public async Task<string> UpgradeAsync(string pathAndQuery)
    {
        await SendBytesAsync(Handshake(pathAndQuery));
        return await ReadHeadAsync();
    }

    public static byte[] Handshake(string pathAndQuery) => Encoding.ASCII.GetBytes(
        $"GET {pathAndQuery} HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");

    /// <summary>Reads an HTTP head, and not a byte more.</summary>
    public async Task<string> ReadHeadAsync()
    {
        var head = new List<byte>();
        var one = new byte[1];
        while (head.Count < 4 || !head.TakeLast(4).SequenceEqual("\r\n\r\n"u8.ToArray()))
        {
            if (await Wait.For(ReceiveAsync(one), "the head of an HTTP answer") == 0) break;
            head.Add(one[0]);
        }

        return Encoding.ASCII.GetString([.. head]);
    }

    public Task SendTextAsync(string text) => SendFrameAsync(Final | Text, Encoding.UTF8.GetBytes(text));

    public Task SendFrameAsync(int first, byte[] payload, bool masked = true) => SendBytesAsync(Frame(first, payload, masked));

    public byte[] Frame(int first, byte[] payload, bool masked = true)
    {
        var frame = new List<byte> { (byte)first };
        var maskBit = masked ? Masked : 0;
        if (payload.Length < 126)
        {
            frame.Add((byte)(maskBit | payload.Length));
        }
        else
        {
            frame.Add((byte)(maskBit | 127));
            var length = new byte[8];
            BinaryPrimitives.WriteInt64BigEndian(length, payload.Length);
            frame.AddRange(length);
        }

        if (masked) frame.AddRange(_mask);
        frame.AddRange(payload.Select((b, i) => masked ? (byte)(b ^ _mask[i % 4]) : b));
        return [.. frame];
    }

    public Task SendBytesAsync(byte[] bytes) => Wait.For(Socket.SendAsync(bytes).ContinueWith(t => t.Exception is null ? 0 : throw t.Exception.InnerException!, TaskScheduler.Default), "bytes to be sent");

    /// <summary>The next frame; null when the connection has ended.</summary>
    public async ValueTask<(int Opcode, ReadOnlyMemory<byte> Payload)?> ReadFrameAsync()
    {
        if (!await FillAsync(2)) return null;
        var opcode = _buffer[_start] & 0x0F;
        var length = _buffer[_start + 1] & 0x7F;
        var header = length switch { 126 => 4, 127 => 10, _ => 2 };
        if (!await FillAsync(header)) return null;
        if (length == 126) length = BinaryPrimitives.ReadUInt16BigEndian(_buffer.AsSpan(_start + 2));
        else if (length == 127) length = checked((int)BinaryPrimitives.ReadUInt64BigEndian(_buffer.AsSpan(_start + 2)));
        if (!await FillAsync(header + length)) return null;

        var payload = _buffer.AsMemory(_start + header, length);
        _start += header + length;
        BytesRead += header + length;
        return (opcode, payload);
    }

    /// <summary>The next text message; null when the connection has ended, with or without a close frame.</summary>
    public async ValueTask<string?> ReadTextAsync() => await ReadMessageAsync() is { } payload ? Encoding.UTF8.GetString(payload.Span) : null;

    /// <summary>The next text message's bytes.</summary>
    public async ValueTask<ReadOnlyMemory<byte>?> ReadMessageAsync()
    {
        while (true)
        {
            if (await ReadFrameAsync() is not { } frame || frame.Opcode == Close) return null;
            if (frame.Opcode is not (Ping or Pong)) return frame.Payload;
        }
    }

    /// <summary>The seq of the next event.</summary>
    public async ValueTask<long> ReadSeqAsync() =>
        await ReadMessageAsync() is { } message ? SeqOf(message.Span) : throw new InvalidOperationException("The connection has ended.");

    /// <summary>The code of a close frame that comes next; 0 when the connection ends without one.</summary>
    public async Task<int> ReadCloseCodeAsync()
    {
        while (await ReadFrameAsync() is { } frame)
        {
            if (frame.Opcode == Close) return BinaryPrimitives.ReadUInt16BigEndian(frame.Payload.Span);
        }

        return 0;
    }

    /// <summary>Reads a few bytes and leaves the rest where it is.</summary>
    public async Task ReadBytesAsync(int count)
    {
        var some = new byte[count];
        for (var read = 0; read < count;)
        {
            var received = await Wait.For(ReceiveAsync(some.AsMemory(read)), "some bytes");
            Assert.NotEqual(0, received);
            read += received;
        }
    }

    /// <summary>Reads so many bytes, and not one more.</summary>
    public async Task<ReadOnlyMemory<byte>> ReadExactlyAsync(int count)
    {
        if (!await FillAsync(count)) throw new InvalidOperationException("The connection has ended.");
        _start += count;
        return _buffer.AsMemory(_start - count, count).ToArray();
    }

    /// <summary>Reads an ASCII line; its end, with or without a carriage return, is not in the result.</summary>
    public async Task<string> ReadLineAsync()
    {
        var line = new StringBuilder();
        while (line.Length == 0 || line[^1] != '\n') line.Append((char)(await ReadExactlyAsync(1)).Span[0]);
        return line.ToString().TrimEnd('\r', '\n');
    }

    /// <summary>Reads a stream of Server-Sent Events up to its next event, so that it is known to be subscribed.</summary>
    public async Task ReadEventAsync()
    {
        while (!(await ReadLineAsync()).StartsWith("id: ", StringComparison.Ordinal))
        {
            // The size of a chunk, or the first word of the stream.
        }
    }

    /// <summary>Reads all there is until the connection ends.</summary>
    public async Task<string> ReadToEndAsync()
    {
        var all = new List<byte>();
        while (await FillAsync(1)) all.AddRange((await ReadExactlyAsync(_end - _start)).Span);
        return Encoding.UTF8.GetString([.. all]);
    }

    /// <summary>Ends the connection with a reset, as a crash or a broken network does.</summary>
    public void Reset()
    {
        Socket.LingerState = new LingerOption(true, 0);
        Socket.Dispose();
    }

    public ValueTask DisposeAsync()
    {
        Socket.Dispose();
        return ValueTask.CompletedTask;
    }

    public static long SeqOf(ReadOnlySpan<byte> message)
    {
        var at = message.IndexOf("\"seq\":"u8);
        if (at < 0) throw new InvalidOperationException("Not an event: " + Encoding.UTF8.GetString(message));
        var seq = 0L;
        for (var i = at + 6; message[i] is >= (byte)'0' and <= (byte)'9'; i++) seq = (seq * 10) + message[i] - '0';
        return seq;
    }

    private async ValueTask<bool> FillAsync(int count)
    {
        if (_end - _start >= count) return true;
        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        (_start, _end) = (0, _end - _start);
        if (_buffer.Length < count) Array.Resize(ref _buffer, count * 2);
        while (_end < count)
        {
            var received = await Wait.For(ReceiveAsync(_buffer.AsMemory(_end)), "a frame");
            if (received == 0) return false;
            _end += received;
        }

        return true;
    }

    private async Task<int> ReceiveAsync(Memory<byte> buffer)
    {
        try
        {
            return await Socket.ReceiveAsync(buffer);
        }
        catch (SocketException)
        {
            // A reset is an end like another.
            return 0;
        }
    }
}
