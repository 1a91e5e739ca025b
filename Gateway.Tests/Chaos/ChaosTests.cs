using System.Globalization;
using Gateway.Tests.Delivery.Peers;
using Xunit;

namespace Gateway.Tests.Chaos;

/// <summary>A hundred clients that do everything a client can do wrong, beside ten sessions of clients that behave.</summary>
/// <remarks>
/// <c>GATEWAY_CHAOS_SECONDS</c> says how long, and <c>GATEWAY_CHAOS_SEED</c> repeats a run. All clients share the machine with the
/// gateway, so a second gateway without wild clients tells at the same time what they and the machine cost; and where other programs
/// take a part of the processors, the limit is stretched. It is the plain limit on a machine of one's own.
/// </remarks>
[Collection(AloneCollection.Name)]
public sealed class ChaosTests
{
    private const int WildClients = 100;
    private const int QuietSessions = 10;
    private const int ControlSessions = 3;
    private const int UsualSeconds = 12;
    private const double LatencyLimit = 250;

    [Fact]
    public async Task Sessions_that_behave_lose_nothing_and_stay_quick()
    {
        var seed = FromEnvironment("GATEWAY_CHAOS_SEED") ?? Random.Shared.Next();
        var seconds = FromEnvironment("GATEWAY_CHAOS_SECONDS") ?? UsualSeconds;
        var output = TestContext.Current.TestOutputHelper!;
        output.WriteLine($"Seed {seed}, {seconds} s; GATEWAY_CHAOS_SEED={seed} repeats it.");
        await using var gateway = Start();
        await using var control = Start();
        var address = await gateway.Ready;
        var calm = await control.Ready;
        var load = new ForeignLoad(gateway.Process, control.Process);
        var watched = new List<string>();
        using var time = new CancellationTokenSource(TimeSpan.FromSeconds(seconds));
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(20) };

        var quiet = Enumerable.Range(1, QuietSessions).Select(i => new QuietSession(address, http, $"quiet-{i}", watched)).ToList();
        var controls = Enumerable.Range(1, ControlSessions).Select(i => new QuietSession(calm, http, $"control-{i}", [])).ToList();
        var wild = Enumerable.Range(1, WildClients).Select(i => new WildClient(address, http, i, unchecked(seed + i), watched, time.Token)).ToList();
        var quietly = Task.WhenAll(quiet.Concat(controls).Select(session => session.RunAsync(time.Token)));
        await Task.WhenAll(wild.Select(client => client.RunAsync()));
        try
        {
            await quietly;
        }
        catch
        {
            output.WriteLine(gateway.HasEnded ? $"The gateway has ended: {gateway.Words}" : $"The gateway lives, and logged: {string.Join("\n", gateway.Errors)}");
            throw;
        }

        var (median, p99, longest) = Latencies(quiet);
        var (_, machine, _) = Latencies(controls);
        var stretch = load.Stretch();
        var peak = gateway.PeakMemory();
        output.WriteLine($"{quiet.Sum(session => session.Sessions)} sessions, {quiet.Sum(session => session.Events)} events; p50 {median:0.0} ms, p99 {p99:0.0} ms, longest {longest:0.0} ms; without wild clients p99 {machine:0.0} ms; other programs make everything take {stretch:0.0} times as long; {peak >> 20} MiB at most.");
        output.WriteLine(string.Join(", ", wild.SelectMany(client => client.Done).GroupBy(done => done.Key, done => done.Value).Select(deed => $"{deed.Sum()} {deed.Key}")));
        output.WriteLine(string.Join(", ", wild.SelectMany(client => client.Statuses).GroupBy(status => status.Key, status => status.Value).OrderBy(status => status.Key).Select(status => $"{status.Sum()} times {status.Key}")));
        Assert.Empty(wild.SelectMany(client => client.Faults));
        Assert.Empty(gateway.Errors);

        // Other programs take processors from the gateway, and turns: each of its threads waits longer for the fewer that are left.
        Assert.True(p99 < LatencyLimit * stretch * stretch + machine, $"p99 is {p99:0} ms, and {machine:0} ms without wild clients; other programs make everything take {stretch:0.0} times as long.");
        Assert.True(peak < LimitedGateway.MemoryLimit, $"The gateway held {peak >> 20} MiB.");
        using var ready = await http.GetAsync(new Uri(address, "health/ready"), TestContext.Current.CancellationToken);
        Assert.True(ready.IsSuccessStatusCode, await ready.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    private static LimitedGateway Start() => new("--Gateway:Models:calm:Provider=scripted", "--Gateway:Models:calm:TokensPerSecond=20");

    private static (double Median, double P99, double Longest) Latencies(List<QuietSession> sessions)
    {
        var all = sessions.SelectMany(session => session.Latencies).Order().ToList();
        return (all[all.Count / 2], all[(int)(all.Count * 0.99)], all[^1]);
    }

    private static int? FromEnvironment(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } given ? int.Parse(given, CultureInfo.InvariantCulture) : null;
}
