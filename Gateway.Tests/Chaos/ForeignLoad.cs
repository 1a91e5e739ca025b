using System.Diagnostics;
using System.Globalization;

namespace Gateway.Tests.Chaos;

/// <summary>How much of the machine's processors other programs take while a test runs.</summary>
internal sealed class ForeignLoad
{
    private const double TicksPerSecond = 100;

    private readonly Process[] _own;
    private readonly long _since = Stopwatch.GetTimestamp();
    private readonly double _busy;
    private readonly double _used;

    /// <param name="own">The processes that belong to the test, beside its own.</param>
    public ForeignLoad(params Process[] own)
    {
        _own = own;
        (_busy, _used) = (Busy(), Used());
    }

    /// <summary>By how much everything takes longer than on a machine of one's own; 1 when it is that.</summary>
    public double Stretch()
    {
        var processors = File.ReadLines("/proc/stat").Count(line => line.StartsWith("cpu", StringComparison.Ordinal)) - 1;
        var foreign = (Busy() - _busy - (Used() - _used)) / Stopwatch.GetElapsedTime(_since).TotalSeconds;

        // A tenth of a processor is nobody in particular.
        return foreign < 0.1 ? 1 : processors / Math.Max(processors - foreign, processors / 20.0);
    }

    private double Used() => Environment.CpuUsage.TotalTime.TotalSeconds + _own.Where(process => !process.HasExited).Sum(process => process.TotalProcessorTime.TotalSeconds);

    // user, nice, system, idle, iowait, irq, softirq, steal
    private static double Busy()
    {
        var counts = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(count => double.Parse(count, CultureInfo.InvariantCulture)).ToList();
        return (counts[0] + counts[1] + counts[2] + counts[5] + counts[6] + counts[7]) / TicksPerSecond;
    }
}
