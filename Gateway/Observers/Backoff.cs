namespace Gateway.Observers;

/// <summary>How long to wait before something that failed is tried again.</summary>
internal static class Backoff
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    /// <summary>A second, and twice as long after each further failure, up to a minute.</summary>
    /// <param name="failures">How often in a row it has failed, from 1.</param>
    public static TimeSpan After(int failures) => failures > 6 ? Longest : TimeSpan.FromTicks(Math.Min(First.Ticks << (failures - 1), Longest.Ticks));
}
