using System.Globalization;

namespace Gateway.Benchmarks.Slow;

/// <summary>Measures what slow readers cost the others, and the gateway: with and without them, in turns.</summary>
internal static class SlowBenchmark
{
    private const int Rounds = 5;
    private const int Live = 100;
    private const int Slow = 100;
    private const int Backlog = 10_000;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Phase = TimeSpan.FromSeconds(8);

    /// <summary>Runs all of it and prints a Markdown table.</summary>
    /// <param name="args">The store: <c>sqlite</c> (default) or <c>memory</c>, which keeps every event and so grows by itself.</param>
    public static async Task<int> RunAsync(string[] args)
    {
        using var gateway = await GatewayProcess.StartAsync(args is [var store, ..] ? store : "sqlite");
        var live = new List<LiveReader>();
        for (var i = 0; i < Live; i++) live.Add(await LiveReader.ConnectAsync(gateway.Port));

        // What the first backlog and the first connections cost for good is not the slow readers'.
        await gateway.PublishAsync(Backlog);
        await MeasureAsync(gateway, live);

        Console.WriteLine($"{Live} live readers, 100 events a second; {Slow} slow ones, half of them stopped and half at one byte a second, {Backlog:N0} events behind.");
        Console.WriteLine();
        Console.WriteLine("| round | p50 without | p50 with | p99 without | p99 with | memory a slow reader |");
        Console.WriteLine("| --- | --- | --- | --- | --- | --- |");
        var ratios = new List<double>();
        for (var round = 1; round <= Rounds; round++)
        {
            await gateway.PublishAsync(Backlog);
            var without = await MeasureAsync(gateway, live);
            var before = gateway.WorkingSet;
            var slow = new List<SlowReader>();
            for (var i = 0; i < Slow; i++) slow.Add(await SlowReader.ConnectAsync(gateway.Port, sips: i % 2 == 0));
            await gateway.PublishAsync(Backlog);
            var with = await MeasureAsync(gateway, live);
            var each = (gateway.WorkingSet - before) / Slow / 1024.0;
            foreach (var reader in slow) reader.Dispose();
            ratios.Add(with.P99 / without.P99);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {round} | {without.P50:0.00} ms | {with.P50:0.00} ms | {without.P99:0.00} ms | {with.P99:0.00} ms | {each:0} KiB |"));
        }

        ratios.Sort();
        Console.WriteLine();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"p99 with slow readers: {ratios[ratios.Count / 2]:0.00} times that without, the median of {Rounds} rounds ({ratios[0]:0.00} to {ratios[^1]:0.00})."));
        foreach (var reader in live) reader.Dispose();
        return 0;
    }

    private static async Task<(double P50, double P99)> MeasureAsync(GatewayProcess gateway, List<LiveReader> live)
    {
        await PublishForAsync(gateway, Settle);
        foreach (var reader in live) reader.Take();
        await PublishForAsync(gateway, Phase);
        var all = live.SelectMany(reader => reader.Take()).ToList();
        all.Sort();
        return (all[all.Count / 2], all[all.Count * 99 / 100]);
    }

    private static async Task PublishForAsync(GatewayProcess gateway, TimeSpan duration)
    {
        var start = TimeProvider.System.GetTimestamp();
        using var timer = new PeriodicTimer(Interval);
        while (TimeProvider.System.GetElapsedTime(start) < duration && await timer.WaitForNextTickAsync()) await gateway.PublishAsync(1);
    }
}
