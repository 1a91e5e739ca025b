namespace Gateway.Client.Stores;

/// <summary>Sums up the times of events between which something ran.</summary>
internal struct RunClock
{
    private TimeSpan _before;
    private DateTime? _since;

    /// <summary>How long it ran before it was last started.</summary>
    public readonly TimeSpan Before => _before;

    /// <summary>Since when it runs; null while it stands still.</summary>
    public readonly DateTime? Since => _since;

    /// <summary>It runs from <paramref name="time"/> on; nothing changes when it runs already.</summary>
    public void Start(DateTime time) => _since ??= time;

    /// <summary>It stands still from <paramref name="time"/> on; nothing changes when it does already.</summary>
    public void Stop(DateTime time)
    {
        _before = Elapsed(time);
        _since = null;
    }

    /// <summary>How long it has run up to <paramref name="now"/>.</summary>
    public readonly TimeSpan Elapsed(DateTime now) => _since is { } since && now > since ? _before + (now - since) : _before;
}
