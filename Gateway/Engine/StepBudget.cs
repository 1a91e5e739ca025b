namespace Gateway.Engine;

/// <summary>Counts what a decision looks at and makes, so that one that explodes ends a session and not a core.</summary>
/// <remarks>A step is a node or an edge looked at. The largest workflow decides within a few million of them.</remarks>
internal sealed class StepBudget
{
    /// <summary>The steps of one decision.</summary>
    public const long Limit = 30_000_000;

    /// <summary>The steps that an event costs, because it takes memory until it is in the log.</summary>
    public const long Event = 500;

    private long _left = Limit;

    /// <summary>How many the decision has taken.</summary>
    public long Taken => Limit - _left;

    /// <summary>A new decision begins.</summary>
    public void Begin() => _left = Limit;

    /// <summary>Takes steps of the decision.</summary>
    /// <exception cref="StepLimitException">It has taken too many.</exception>
    public void Take(long steps = 1)
    {
        if ((_left -= steps) < 0) throw new StepLimitException();
    }
}
