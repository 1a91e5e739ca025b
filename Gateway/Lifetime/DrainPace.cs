namespace Gateway.Lifetime;

/// <summary>When each connection leaves: batches spread evenly over the window.</summary>
/// <remarks>A few connections are one batch, and leave at once: pacing is for crowds.</remarks>
internal readonly record struct DrainPace(int Batches, TimeSpan Step)
{
    private const int MaxBatches = 20;
    private const int MinBatchLength = 25;

    /// <summary>The pace for this number of connections.</summary>
    public static DrainPace For(int connections, TimeSpan window)
    {
        if (window == TimeSpan.Zero) return new DrainPace(1, TimeSpan.Zero);
        var batches = Math.Clamp((connections + MinBatchLength - 1) / MinBatchLength, 1, MaxBatches);
        return new DrainPace(batches, window / batches);
    }

    /// <summary>When, from the beginning, the connection with this number is to leave.</summary>
    public TimeSpan TurnOf(int number, int connections) => Step * ((long)number * Batches / Math.Max(connections, number + 1));
}
