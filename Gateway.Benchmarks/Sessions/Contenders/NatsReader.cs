using System.Buffers.Text;

namespace Gateway.Benchmarks.Sessions.Contenders;

/// <summary>Finds the payloads in what a <c>nats-server</c> sends, however it is cut.</summary>
/// <param name="take">Is given each payload; it is gone afterwards.</param>
internal sealed class NatsReader(Action<ReadOnlySpan<byte>> take)
{
    private byte[] _buffer = new byte[16 * 1024];
    private int _length;

    /// <summary>Where the next bytes go.</summary>
    public Memory<byte> Room
    {
        get
        {
            if (_length == _buffer.Length) Array.Resize(ref _buffer, _buffer.Length * 2);
            return _buffer.AsMemory(_length);
        }
    }

    /// <summary>So many bytes have been put there.</summary>
    public void Read(int count)
    {
        _length += count;
        var at = 0;
        while (TryReadOne(_buffer.AsSpan(at, _length - at), out var used)) at += used;
        _buffer.AsSpan(at, _length - at).CopyTo(_buffer);
        _length -= at;
    }

    private bool TryReadOne(ReadOnlySpan<byte> bytes, out int used)
    {
        used = 0;
        var end = bytes.IndexOf("\r\n"u8);
        if (end < 0) return false;
        var line = bytes[..end];
        used = end + 2;
        if (!line.StartsWith("MSG "u8)) return true;

        // The last word is the payload's length.
        if (!Utf8Parser.TryParse(line[(line.LastIndexOf((byte)' ') + 1)..], out int length, out _)) throw new FormatException("A message without a length.");
        if (bytes.Length < used + length + 2) return false;
        take(bytes.Slice(used, length));
        used += length + 2;
        return true;
    }
}
