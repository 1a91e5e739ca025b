using System.Diagnostics;
using System.Globalization;

namespace Gateway.Tests.Infrastructure;

/// <summary>What something costs the thread that does it; on a machine that others use at the same time, a clock tells more.</summary>
internal static class CpuClock
{
    // Linux tells it in nanoseconds; elsewhere a clock has to do.
    private const string Path = "/proc/thread-self/schedstat";

    /// <summary>The least that it has cost in some tries, until it cost less than <paramref name="enough"/>.</summary>
    public static TimeSpan Best(TimeSpan enough, Action action)
    {
        var best = TimeSpan.MaxValue;
        for (var attempt = 0; attempt < 10 && best >= enough; attempt++)
        {
            var (cpu, clock) = (Read(), Stopwatch.GetTimestamp());
            action();
            var cost = cpu is { } before && Read() is { } after ? TimeSpan.FromMicroseconds((after - before) / 1000.0) : Stopwatch.GetElapsedTime(clock);
            if (cost < best) best = cost;
        }

        return best;
    }

    private static long? Read() => File.Exists(Path) ? long.Parse(File.ReadAllText(Path).Split(' ')[0], CultureInfo.InvariantCulture) : null;
}
