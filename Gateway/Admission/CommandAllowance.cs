namespace Gateway.Admission;

/// <summary>A token bucket in eight bytes: the moment up to which the connection's commands are paid for.</summary>
/// <remarks>
/// Each command pays for one interval of time. A connection may be ahead of the clock by a burst, and the clock catches up
/// with it, so there is nothing to refill and no timer. One command of a connection uses it at a time.
/// </remarks>
internal struct CommandAllowance
{
    private long _paidUntil;

    /// <summary>Takes one command's worth; false, and nothing is taken, when the burst is used up.</summary>
    /// <param name="now">The time provider's timestamp.</param>
    /// <param name="interval">Timestamp units a command costs.</param>
    /// <param name="burst">Commands that may be sent at once.</param>
    public bool TryTake(long now, long interval, int burst)
    {
        var from = Math.Max(now, _paidUntil);
        if (from - now > interval * (burst - 1)) return false;
        _paidUntil = from + interval;
        return true;
    }
}
