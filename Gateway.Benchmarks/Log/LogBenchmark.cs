using System.Globalization;
using Gateway.Contracts;
using Gateway.Log;
using Gateway.Log.Sqlite.Connections;

namespace Gateway.Benchmarks.Log;

/// <summary>Measures the session log: throughput of many sessions, latency of a lone event, and the weight of history.</summary>
internal static class LogBenchmark
{
    private const int Sessions = 200;

    /// <summary>Runs all of it and prints a Markdown table.</summary>
    /// <param name="args">The folder for the files; the temporary folder when absent.</param>
    public static async Task<int> RunAsync(string[] args)
    {
        var root = args is [var folder, ..] ? folder : Path.GetTempPath();
        var size = EventSerializer.Serialize(BenchmarkLog.Token("s-123", 1000)).Length;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Events of {size} bytes; {Environment.ProcessorCount} cores."));
        Console.WriteLine();
        Console.WriteLine("| what | durability | result |");
        Console.WriteLine("| --- | --- | --- |");

        await ThroughputAsync(root, LogDurability.Process, batch: 1, perSession: 2_000);
        await ThroughputAsync(root, LogDurability.Process, batch: 8, perSession: 5_000);
        await ThroughputAsync(root, LogDurability.Power, batch: 1, perSession: 200);
        await LatencyAsync(root, LogDurability.Process, 10_000);
        await LatencyAsync(root, LogDurability.Power, 500);
        await HistoryAsync(root, finished: 0);
        await HistoryAsync(root, finished: 10_000);
        return 0;
    }

    private static async Task ThroughputAsync(string root, LogDurability durability, int batch, int perSession)
    {
        await using var log = new BenchmarkLog(root, durability);
        var ids = Enumerable.Range(0, Sessions).Select(i => $"s-{i:000}").ToList();
        await Task.WhenAll(ids.Select(log.CreateAsync));
        await AppendAllAsync(log, ids, 0, batch, Math.Max(batch, perSession / 10)); // Warm.

        var warm = Math.Max(batch, perSession / 10) / batch * batch;
        var start = TimeProvider.System.GetTimestamp();
        var cpu = Environment.CpuUsage.TotalTime;
        await AppendAllAsync(log, ids, warm, batch, perSession);
        var seconds = TimeProvider.System.GetElapsedTime(start).TotalSeconds;
        cpu = Environment.CpuUsage.TotalTime - cpu;
        var events = (double)Sessions * (perSession / batch * batch);
        Row($"{Sessions} sessions at once, {batch} event(s) an append", durability, $"{events / seconds:N0} events/s ({cpu.TotalMicroseconds / events:N1} us CPU an event)");
    }

    private static Task AppendAllAsync(BenchmarkLog log, List<string> ids, long afterSeq, int batch, int perSession) =>
        Task.WhenAll(ids.Select(id => Task.Run(async () =>
        {
            var seq = afterSeq;
            for (var i = 0; i < perSession / batch; i++)
            {
                var events = new LoggedEvent[batch];
                for (var j = 0; j < batch; j++) events[j] = new LoggedEvent(BenchmarkLog.Token(id, seq + j + 1));
                await log.Log.AppendAsync(id, seq, events, SessionStatus.Running, CancellationToken.None);
                seq += batch;
            }
        })));

    private static async Task LatencyAsync(string root, LogDurability durability, int count)
    {
        await using var log = new BenchmarkLog(root, durability);
        await log.CreateAsync("s-0");
        var warm = count / 10;
        await AppendAllAsync(log, ["s-0"], 0, 1, warm);
        Row("a lone event, append to commit", durability, await LatenciesAsync(log, "s-0", warm, count));
    }

    private static async Task<string> LatenciesAsync(BenchmarkLog log, string id, long afterSeq, int count)
    {
        var times = new double[count];
        for (var i = 0; i < count; i++)
        {
            var token = BenchmarkLog.Token(id, afterSeq + i + 1);
            var start = TimeProvider.System.GetTimestamp();
            await log.Log.AppendAsync(id, afterSeq + i, [new LoggedEvent(token)], SessionStatus.Running, CancellationToken.None);
            times[i] = TimeProvider.System.GetElapsedTime(start).TotalMilliseconds;
        }

        Array.Sort(times);
        return string.Create(CultureInfo.InvariantCulture, $"p50 {times[count / 2]:0.000} ms, p99 {times[count * 99 / 100]:0.000} ms, max {times[^1]:0.0} ms");
    }

    private static async Task HistoryAsync(string root, int finished)
    {
        await using var log = new BenchmarkLog(root, LogDurability.Process);
        foreach (var ids in Enumerable.Range(0, finished).Select(i => $"f-{i}").Chunk(200))
        {
            await Task.WhenAll(ids.Select(async id =>
            {
                await log.CreateAsync(id);
                var tokens = Enumerable.Range(1, 49).Select(seq => BenchmarkLog.Token(id, seq)).Append(BenchmarkLog.Completed(id, 50)).Select(e => new LoggedEvent(e)).ToList();
                await log.Log.AppendAsync(id, 0, tokens, SessionStatus.Completed, CancellationToken.None);
            }));
        }

        await log.CreateAsync("s-0");
        await AppendAllAsync(log, ["s-0"], 0, 1, 1000);
        var file = new FileInfo(log.File).Length / (1024.0 * 1024);
        var what = $"{finished:N0} finished sessions of 50 events ({file:N0} MiB): ";
        Row(what + "append", LogDurability.Process, await LatenciesAsync(log, "s-0", 1000, 5000));
        Row(what + "list 50, newest", LogDurability.Process, await TimeAsync(() => log.Log.ListAsync(new SessionQuery(null, null, 50), CancellationToken.None)));
        Row(what + "list 50, of one status", LogDurability.Process, await TimeAsync(() => log.Log.ListAsync(new SessionQuery(SessionStatus.Completed, null, 50), CancellationToken.None)));
        Row(what + "list unfinished", LogDurability.Process, await TimeAsync(() => log.Log.ListUnfinishedAsync(CancellationToken.None)));
        Row(what + "read 50 events", LogDurability.Process, await TimeAsync(() => log.Log.ReadAsync("s-0", 500, 50, CancellationToken.None)));
    }

    private static async Task<string> TimeAsync(Func<Task> action)
    {
        const int Count = 500;
        for (var i = 0; i < Count / 5; i++) await action();
        var times = new double[Count];
        for (var i = 0; i < Count; i++)
        {
            var start = TimeProvider.System.GetTimestamp();
            await action();
            times[i] = TimeProvider.System.GetElapsedTime(start).TotalMilliseconds;
        }

        Array.Sort(times);
        return string.Create(CultureInfo.InvariantCulture, $"p50 {times[Count / 2]:0.000} ms, p99 {times[Count * 99 / 100]:0.000} ms");
    }

    private static void Row(string what, LogDurability durability, string result) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {what} | {durability} | {result} |"));
}
