namespace Gateway.Delivery;

/// <summary>What the windows of all sessions and wires may take together: each may have a share, and no more than it may have alone.</summary>
/// <remarks>A window that is larger than its share gives back what is too much when its next segment begins.</remarks>
/// <param name="most">What one window may take, in bytes.</param>
/// <param name="all">What all of them may take, in bytes, unless there are more than it has room for at <see cref="Least"/> each.</param>
internal sealed class WindowBudget(int most, long all)
{
    /// <summary>What each has in any case, in bytes, where one alone may have as much: a reader reads what comes in a moment without going to the log.</summary>
    public const int Least = 16 * 1024;

    private const long LeastOfAll = 8 * 1024 * 1024;
    private const long MostOfAll = 32 * 1024 * 1024;
    private const int PartOfMemory = 128;

    private int _windows;

    /// <summary>What a window may take now, in bytes.</summary>
    public int Share => (int)Math.Min(most, Math.Max(Least, all / Math.Max(1, Volatile.Read(ref _windows))));

    /// <summary>What all may take where the settings do not say: a 128th of the memory, 8 to 32 MiB.</summary>
    public static long ByDefault(long memory) => Math.Clamp(memory / PartOfMemory, LeastOfAll, MostOfAll);

    /// <summary>There is one more window (1), or one less (-1).</summary>
    public void Count(int change) => Interlocked.Add(ref _windows, change);
}
