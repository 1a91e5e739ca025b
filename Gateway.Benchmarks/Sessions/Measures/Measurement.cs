using System.Diagnostics;
using Gateway.Benchmarks.Sessions.Contenders;

namespace Gateway.Benchmarks.Sessions.Measures;

/// <summary>Runs the shape on one contender, and measures its steady middle.</summary>
internal static class Measurement
{
    /// <summary>Starts the sessions, lets them run warm, and measures.</summary>
    public static async Task<Figures> RunAsync(IContender contender, SessionsOptions options)
    {
        var receipts = new Receipts();
        var residentBefore = contender.Process.Resident;
        await contender.BeginAsync(options, receipts);
        await Task.Delay(options.WarmUp);

        var countsBefore = await contender.CountAsync();
        var (cpuBefore, loadBefore, begin) = (contender.Process.CpuTime, Environment.CpuUsage.TotalTime, Stopwatch.GetTimestamp());
        receipts.Begin();
        await Task.Delay(options.Duration);
        receipts.End();
        var (cpu, load, duration) = (contender.Process.CpuTime - cpuBefore, Environment.CpuUsage.TotalTime - loadBefore, Stopwatch.GetElapsedTime(begin));
        var counts = await contender.CountAsync();
        var resident = contender.Process.Resident - residentBefore;

        var events = receipts.Events;
        if (events == 0) throw new InvalidOperationException("No event has reached a viewer.");
        var latencies = receipts.Latencies;
        return new Figures(
            events / duration.TotalSeconds,
            cpu.TotalMicroseconds / events,
            load.TotalMicroseconds / events,
            latencies.Percentile(0.5).TotalMilliseconds,
            latencies.Percentile(0.9).TotalMilliseconds,
            latencies.Percentile(0.99).TotalMilliseconds,
            latencies.Longest.TotalMilliseconds,
            receipts.LongestSilence.TotalMilliseconds,
            resident / 1024.0 / options.Sessions,
            Difference(countsBefore, counts));
    }

    private static ServerCounts? Difference(ServerCounts? before, ServerCounts? after) => before is null || after is null ? null : new(
        after.Appended - before.Appended,
        after.Appends - before.Appends,
        after.Commits - before.Commits,
        after.Sent - before.Sent,
        after.Writes - before.Writes,
        after.Allocated - before.Allocated,
        after.PauseMilliseconds - before.PauseMilliseconds,
        after.Collections - before.Collections);
}
