using System.Numerics;

namespace Gateway.Benchmarks.Sessions.Measures;

/// <summary>How long many things took, in steps of a thirty-second; added to from many threads.</summary>
internal sealed class Latencies
{
    private const int Bits = 5;
    private const int Steps = 1 << Bits;

    private readonly int[] _counts = new int[Steps * (64 - Bits)];
    private long _longest;

    /// <summary>The longest of all.</summary>
    public TimeSpan Longest => TimeSpan.FromMicroseconds(Volatile.Read(ref _longest));

    /// <summary>Adds one; a negative time, which two clocks may show, is none.</summary>
    public void Add(TimeSpan time)
    {
        var microseconds = Math.Max(0, (long)time.TotalMicroseconds);
        Interlocked.Increment(ref _counts[IndexOf(microseconds)]);
        for (var longest = Volatile.Read(ref _longest); microseconds > longest;)
        {
            var seen = Interlocked.CompareExchange(ref _longest, microseconds, longest);
            if (seen == longest) break;
            longest = seen;
        }
    }

    /// <summary>The time that such a share of all did not exceed; zero when there are none.</summary>
    public TimeSpan Percentile(double share)
    {
        var wanted = (long)Math.Ceiling(_counts.Sum(count => (long)count) * share);
        var seen = 0L;
        for (var i = 0; i < _counts.Length && wanted > 0; i++)
        {
            seen += _counts[i];
            if (seen >= wanted) return TimeSpan.FromMicroseconds(LongestOf(i));
        }

        return TimeSpan.Zero;
    }

    // The first microseconds have a step each; from then on each doubling has as many.
    private static int IndexOf(long microseconds)
    {
        if (microseconds < Steps) return (int)microseconds;
        var shift = BitOperations.Log2((ulong)microseconds) - Bits;
        return (Steps * (shift + 1)) + (int)((microseconds >> shift) - Steps);
    }

    private static long LongestOf(int index)
    {
        if (index < Steps) return index;
        var shift = (index / Steps) - 1;
        return (((index % Steps) + Steps + 1L) << shift) - 1;
    }
}
