using System.Diagnostics;

namespace Gateway.Log.Sqlite;

/// <summary>Decides whether an append waits a moment for others to share its commit: only where many come, and only while that pays.</summary>
/// <remarks>
/// A commit writes whole pages, and what many sessions append touches the same few. Who appends alone, however fast, waits for
/// its own commit each time, so that nobody comes while it waits: the first window shows that, and then none opens for a while.
/// </remarks>
internal sealed class CommitWindow
{
    /// <summary>How long the first of them waits.</summary>
    public static readonly TimeSpan Length = TimeSpan.FromMilliseconds(1);

    // Fewer do not share enough pages to pay for the wait.
    private const int LeastShared = 4;

    // 4,000 appends a second.
    private const int Many = 40;
    private static readonly long s_span = Stopwatch.Frequency / 100;
    private static readonly long s_shortestRest = Stopwatch.Frequency / 4;
    private static readonly long s_longestRest = Stopwatch.Frequency * 4;

    private long _spanBegan;
    private int _appends;
    private long _rest = s_shortestRest;
    private long _closedUntil;
    private volatile bool _isBusy;

    /// <summary>Whether an append that comes now is to wait.</summary>
    /// <param name="now">The time, in ticks of <see cref="Stopwatch"/>.</param>
    /// <remarks>Many that came before a pause are none that come now.</remarks>
    public bool IsOpen(long now) => _isBusy && now - Volatile.Read(ref _spanBegan) < 2 * s_span && now >= Volatile.Read(ref _closedUntil);

    /// <summary>Learns of a commit; used by one thread at a time.</summary>
    /// <param name="appends">What shared it.</param>
    /// <param name="hasWaited">Whether they had waited.</param>
    /// <param name="now">The time, in ticks of <see cref="Stopwatch"/>.</param>
    public void Committed(int appends, bool hasWaited, long now)
    {
        if (now - _spanBegan >= s_span)
        {
            // A span with a pause in it was no busy one.
            _isBusy = _appends >= Many && now - _spanBegan < 2 * s_span;
            Volatile.Write(ref _spanBegan, now);
            _appends = 0;
        }

        _appends += appends;
        if (!hasWaited) return;
        if (appends >= LeastShared)
        {
            _rest = s_shortestRest;
            return;
        }

        Volatile.Write(ref _closedUntil, now + _rest);
        _rest = Math.Min(2 * _rest, s_longestRest);
    }
}
