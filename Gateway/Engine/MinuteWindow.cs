namespace Gateway.Engine;

/// <summary>What was used in the last minute, and how long it takes until there is room again.</summary>
/// <remarks>A window that slides, so that no minute has more, wherever it begins. Not safe for several threads.</remarks>
/// <param name="most">What may be used in any minute.</param>
/// <param name="time">The clock.</param>
internal sealed class MinuteWindow(long most, TimeProvider time)
{
    private static readonly TimeSpan s_minute = TimeSpan.FromMinutes(1);

    private readonly Queue<Use> _uses = new();
    private long _sum;

    /// <summary>How long it takes until something may be used; zero when it may be now.</summary>
    public TimeSpan Wait()
    {
        Forget();
        if (_sum < most) return TimeSpan.Zero;

        // The oldest uses go first; what is left must be below the limit.
        var sum = _sum;
        foreach (var use in _uses)
        {
            sum -= use.Amount;
            if (sum < most) return s_minute - time.GetElapsedTime(use.At);
        }

        return s_minute;
    }

    /// <summary>Notes a use now.</summary>
    public Use Add(long amount)
    {
        var use = new Use(time.GetTimestamp()) { Amount = amount };
        _uses.Enqueue(use);
        _sum += amount;
        return use;
    }

    /// <summary>What was noted turns out to be another amount; what is more than that is used now.</summary>
    public void Correct(Use use, long amount)
    {
        Forget();
        if (amount > use.Amount)
        {
            Add(amount - use.Amount);
        }
        else if (time.GetElapsedTime(use.At) < s_minute)
        {
            _sum -= use.Amount - amount;
            use.Amount = amount;
        }
    }

    private void Forget()
    {
        while (_uses.TryPeek(out var oldest) && time.GetElapsedTime(oldest.At) >= s_minute)
        {
            _uses.Dequeue();
            _sum -= oldest.Amount;
        }
    }

    /// <summary>A use, and when it was.</summary>
    internal sealed class Use(long at)
    {
        public long At => at;

        public long Amount { get; set; }
    }
}
