namespace Gateway.Log;

/// <summary>What the store has been given and has committed; added to from many threads.</summary>
internal sealed class LogTraffic
{
    private long _events;
    private long _appends;
    private long _commits;

    /// <summary>Events appended so far.</summary>
    public long Events => Volatile.Read(ref _events);

    /// <summary>Appends committed so far.</summary>
    public long Appends => Volatile.Read(ref _appends);

    /// <summary>Commits with any append so far.</summary>
    public long Commits => Volatile.Read(ref _commits);

    /// <summary>Counts a commit.</summary>
    public void Committed(int appends, int events)
    {
        if (appends == 0) return;
        Interlocked.Add(ref _events, events);
        Interlocked.Add(ref _appends, appends);
        Interlocked.Increment(ref _commits);
    }
}
