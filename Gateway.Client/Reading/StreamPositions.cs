namespace Gateway.Client.Reading;

/// <summary>Tells whether what arrives on one connection already belongs to the position that was asked for last.</summary>
/// <remarks>
/// The gateway sends one stream of rising seqs per position, one stream after the other; a position that is replaced in
/// time may send nothing. An event does not say which stream it is of, and the answer to a command may overtake events. So
/// a stream is recognised by how it begins: exactly behind its position, or, where its first events are missing, below
/// what was seen last. In doubt the stream is taken for an earlier one: that costs a wait, the contrary a false gap.
/// </remarks>
internal sealed class StreamPositions
{
    // Positions that were asked for and whose streams were not seen to begin, oldest first.
    private readonly List<long> _awaited = [];

    /// <summary>The position that was asked for last: the gateway sends everything after this seq.</summary>
    public long Position { get; private set; }

    /// <summary>The seq of the last event that arrived; 0 when none has.</summary>
    public long LastSeen { get; private set; }

    /// <summary>True when what arrives is of the position that was asked for last, so that a gap is one.</summary>
    /// <remarks>Nothing can arrive before the connection's first stream.</remarks>
    public bool IsSettled => _awaited.Count == 0 || (_awaited.Count == 1 && LastSeen == 0);

    /// <summary>Begins with a new connection.</summary>
    public void Reset()
    {
        _awaited.Clear();
        (Position, LastSeen) = (0, 0);
    }

    /// <summary>The gateway is asked for what follows <paramref name="position"/>.</summary>
    public void Move(long position)
    {
        _awaited.Add(position);
        Position = position;
    }

    /// <summary>An event arrived that reaches from <paramref name="first"/> to <paramref name="last"/>.</summary>
    public void Saw(long first, long last)
    {
        if (_awaited.Count > 0) Recognise(first, last);
        LastSeen = last;
    }

    /// <summary>An event that was sent before the last move shows that the events asked for are still to come.</summary>
    public void Unsettle()
    {
        if (IsSettled) _awaited.Add(Position);
    }

    /// <summary>Nothing came for so long that nothing older can be under way.</summary>
    public void Settle() => _awaited.Clear();

    private void Recognise(long first, long last)
    {
        // It goes on with the stream before it, or a new one begins just there: the latter shows with the next stream only.
        if (LastSeen > 0 && first == LastSeen + 1) return;

        var begun = _awaited.IndexOf(first - 1);
        if (begun < 0 && (LastSeen == 0 || last <= LastSeen)) begun = _awaited.FindIndex(position => position < first);
        if (begun >= 0) _awaited.RemoveRange(0, begun + 1);
    }
}
