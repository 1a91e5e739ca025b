namespace Gateway.Delivery;

/// <summary>A run of frames, one an event, back to back in one buffer.</summary>
/// <remarks>Written by the feed under its lock. Bytes below <see cref="Length"/> never change, so readers use them without it.</remarks>
internal sealed class TailSegment(long firstSeq, int capacity)
{
    private readonly byte[] _buffer = new byte[capacity];
    private readonly List<int> _ends = [];

    /// <summary>Seq of the first event.</summary>
    public long FirstSeq { get; } = firstSeq;

    /// <summary>Seq after the last event.</summary>
    public long NextSeq => FirstSeq + _ends.Count;

    /// <summary>Bytes used.</summary>
    public int Length { get; private set; }

    /// <summary>Bytes reserved.</summary>
    public int Capacity => _buffer.Length;

    /// <summary>Adds an event that fits.</summary>
    public void Append(ReadOnlySpan<byte> frame)
    {
        frame.CopyTo(_buffer.AsSpan(Length));
        Length += frame.Length;
        _ends.Add(Length);
    }

    /// <summary>Whether so many more bytes fit.</summary>
    public bool Fits(int length) => Length + length <= _buffer.Length;

    /// <summary>Everything from an event on.</summary>
    public ReadOnlyMemory<byte> From(long seq)
    {
        var index = (int)(seq - FirstSeq);
        var start = index == 0 ? 0 : _ends[index - 1];
        return _buffer.AsMemory(start, Length - start);
    }
}
