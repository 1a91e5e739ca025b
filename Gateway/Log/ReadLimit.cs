namespace Gateway.Log;

/// <summary>How much one read of a session's log brings; a number of events alone is a limit too.</summary>
/// <param name="Events">At most this many events.</param>
/// <param name="Bytes">
/// Enough bytes of JSON: a store that fetches events from elsewhere ends with the one that reaches them, and so may return
/// fewer events than there are.
/// </param>
public readonly record struct ReadLimit(int Events, int Bytes = int.MaxValue)
{
    /// <summary>This many events, however large.</summary>
    public static implicit operator ReadLimit(int events) => new(events);
}
