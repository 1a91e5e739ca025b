namespace Gateway.Lifetime;

/// <summary>How the time of a shutdown is shared out: its parts never add up to more than the whole.</summary>
/// <param name="Whole">From the signal until the last connection is cut.</param>
/// <param name="Sessions">At most this much of it for sessions to reach a safe point.</param>
/// <param name="LastWords">After the last connection was told to leave: close handshakes and the ends of backlogs are still on their way.</param>
internal readonly record struct DrainTimes(TimeSpan Whole, TimeSpan Sessions, TimeSpan LastWords)
{
    private static readonly TimeSpan MostLastWords = TimeSpan.FromSeconds(3);

    /// <summary>The times that the settings ask for.</summary>
    public static DrainTimes Of(ShutdownOptions options)
    {
        var whole = options.ShutdownTimeout;
        var lastWords = whole / 3 < MostLastWords ? whole / 3 : MostLastWords;
        var window = options.DrainWindow + lastWords;
        return new DrainTimes(window > whole ? window : whole, whole - lastWords, lastWords);
    }

    /// <summary>Over how long connections are ended, once this much of the time has gone.</summary>
    public TimeSpan WindowAfter(TimeSpan gone, TimeSpan wanted)
    {
        var left = Whole - LastWords - gone;
        return left < TimeSpan.Zero ? TimeSpan.Zero : left < wanted ? left : wanted;
    }
}
