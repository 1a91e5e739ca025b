namespace Gateway.Log;

/// <summary>Checks what a caller wants to append, before a store looks at it.</summary>
internal static class AppendCheck
{
    /// <summary>Requires events with consecutive seqs after <paramref name="lastSeq"/>.</summary>
    /// <exception cref="ArgumentException">There is no event, or a seq is wrong; both are bugs of the caller.</exception>
    public static void RequireConsecutive(long lastSeq, IReadOnlyList<LoggedEvent> events)
    {
        if (events.Count == 0) throw new ArgumentException("There is no event to append.", nameof(events));
        for (var i = 0; i < events.Count; i++)
        {
            if (events[i].Seq != lastSeq + 1 + i) throw new ArgumentException($"Event {i} has seq {events[i].Seq} instead of {lastSeq + 1 + i}.", nameof(events));
        }
    }
}
