using System.Globalization;
using Gateway.Benchmarks.Sessions.Contenders;
using Gateway.Benchmarks.Sessions.Measures;

namespace Gateway.Benchmarks.Sessions;

/// <summary>Many sessions with a viewer or two each: what an event costs on its whole way, and how long that takes.</summary>
/// <remarks>
/// Each contender is a process of its own with real sockets; this process is the load. Contenders take turns, in one order
/// and then in the other, so that neither is always measured behind the other's closed connections.
/// </remarks>
internal static class SessionsBenchmark
{
    private const string Usage = "sessions [--sessions 500] [--viewers 1] [--rate 40] [--store sqlite|memory|both] [--peer nats] [--seconds 30] [--warmup 10] [--rounds 1] [--publishers 1] [--pin on|off] [--Gateway:... settings]";

    /// <summary>Runs all of it and prints Markdown tables.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        SessionsOptions options;
        try
        {
            options = SessionsOptions.Read(args);
        }
        catch (FormatException exception)
        {
            await Console.Error.WriteLineAsync($"{exception.Message}\n{Usage}");
            return 2;
        }

        if (options.IsPinned && Cores.CanPin && !Cores.IsPinnedLoad) return await Cores.RunPinnedAsync(["sessions", .. args]);
        if (options.Contenders.Contains(SessionsOptions.Nats) && NatsContender.Program is null)
        {
            await Console.Error.WriteLineAsync("There is no nats-server on this machine's PATH.");
            return 2;
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{options.Sessions} sessions x {options.Viewers} viewers x {options.Rate} events/s, {options.Duration.TotalSeconds} s after {options.WarmUp.TotalSeconds} s; {Cores.Words(options.IsPinned)}."));
        Console.WriteLine();
        Console.WriteLine(Figures.Header);
        var all = new List<(string Name, Figures Figures)>();
        for (var round = 0; round < options.Rounds; round++)
        {
            foreach (var name in round % 2 == 0 ? options.Contenders : options.Contenders.Reverse())
            {
                await using var contender = await StartAsync(name, options);
                var figures = await Measurement.RunAsync(contender, options);
                Console.WriteLine(figures.Row(name));
                all.Add((name, figures));
            }
        }

        if (options.Rounds > 1 || options.Contenders.Count > 1) PrintSummary(options, all);
        return 0;
    }

    private static async Task<IContender> StartAsync(string name, SessionsOptions options) =>
        name == SessionsOptions.Nats ? await NatsContender.StartAsync(options) : await GatewayContender.StartAsync(name, options);

    private static void PrintSummary(SessionsOptions options, List<(string Name, Figures Figures)> all)
    {
        Console.WriteLine();
        foreach (var name in options.Contenders)
        {
            var own = all.Where(row => row.Name == name).Select(row => row.Figures).ToList();
            var line = string.Create(CultureInfo.InvariantCulture, $"{name}: CPU us an event {Spread(own, figures => figures.CpuPerEvent)}, p99 ms {Spread(own, figures => figures.P99)}");
            var peer = all.Where(row => row.Name == SessionsOptions.Nats).Select(row => row.Figures).ToList();
            if (name != SessionsOptions.Nats && peer.Count == own.Count)
            {
                var ratios = own.Zip(peer, (ours, theirs) => ours.CpuPerEvent / theirs.CpuPerEvent).Order().ToList();
                line += string.Create(CultureInfo.InvariantCulture, $"; {Median(ratios):0.00} times {SessionsOptions.Nats}'s CPU ({ratios[0]:0.00} to {ratios[^1]:0.00})");
            }

            Console.WriteLine(line);
        }
    }

    private static string Spread(List<Figures> figures, Func<Figures, double> read)
    {
        var sorted = figures.Select(read).Order().ToList();
        return string.Create(CultureInfo.InvariantCulture, $"{Median(sorted):0.0} ({sorted[0]:0.0} to {sorted[^1]:0.0})");
    }

    private static double Median(List<double> sorted) => sorted[sorted.Count / 2];
}
