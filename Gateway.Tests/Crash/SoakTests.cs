using System.Text;
using System.Text.Json;
using Gateway.Contracts;
using Gateway.Engine;
using Gateway.Tests.Crash.Child;
using Gateway.Tests.Engine.OwnKinds;
using Gateway.Tests.Infrastructure;
using Xunit;

namespace Gateway.Tests.Crash;

/// <summary>Many sessions on one gateway that is killed again and again, with users, leavers and slow readers.</summary>
public sealed class SoakTests
{
    private const int Sessions = 300;
    private const int SessionsAtOnce = 60;
    private const int Kills = 8;
    private const int HubConnections = 4;

    // Times the kills, less than what the sessions append at least, so that every kill is reached.
    private const int MaxAppendsALife = 1200;

    [Fact]
    public async Task Every_client_and_the_log_agree_after_a_soak_with_kills()
    {
        var seed = Environment.GetEnvironmentVariable("GATEWAY_SOAK_SEED") is { Length: > 0 } given ? int.Parse(given, System.Globalization.CultureInfo.InvariantCulture) : Random.Shared.Next();
        TestContext.Current.TestOutputHelper!.WriteLine($"Seed {seed}; set GATEWAY_SOAK_SEED to repeat it.");
        var random = new Random(seed);
        await using var lives = new GatewayLives();
        var plans = Enumerable.Range(1, Sessions).Select(number => SoakPlan.Create(number, random)).ToList();
        var points = Enumerable.Range(0, Kills).Select(_ => new CrashPoint((CrashMoment)random.Next(3), CrashKind.Append, random.Next(100, MaxAppendsALife))).ToList();

        var process = lives.Start(points[0]);
        process.Go();
        var hubs = await Wait.For(Task.WhenAll(Enumerable.Range(0, HubConnections).Select(i => HubClients.ConnectAsync(lives, bufferSize: i == 0 ? 16 : 4096))), "the hub connections");
        var sessions = plans.Select((plan, i) => new SoakSession(lives, hubs[i % HubConnections], plan)).ToList();
        var running = RunAsync(sessions);

        var calls = new CallCheck();
        var logged = new Dictionary<string, IReadOnlyList<string>>();
        foreach (var next in points.Skip(1).Append(null))
        {
            await Wait.For(Task.WhenAny(process.Exited, running), $"the death of life {process.Life}");
            if (running.IsCompleted) await running;
            Assert.True(process.WasKilled, $"Life {process.Life} was not killed at {points[process.Life - 1]}: {process.Words}");
            await CheckLifeAsync(lives, process.Life, sessions, calls, logged);
            process = lives.Start(next);
            process.Go();
        }

        await Wait.For(Task.WhenAny(running, process.Exited), "the end of all sessions");
        Assert.False(process.Exited.IsCompleted, $"The last life ended by itself: {process.Words}");
        await running;
        foreach (var hub in hubs) await hub.DisposeAsync();
        var snapshots = await SnapshotsAsync(process, sessions);
        process.Kill();
        await Wait.For(process.Exited, "the end of the last life");

        await CheckLifeAsync(lives, process.Life, sessions, calls, logged);
        await CheckEndAsync(lives, sessions, logged, snapshots);
        TestContext.Current.TestOutputHelper!.WriteLine($"{Sessions} sessions, {logged.Values.Sum(frames => frames.Count)} events, {Kills} kills.");
    }

    private static async Task RunAsync(List<SoakSession> sessions)
    {
        using var turns = new SemaphoreSlim(SessionsAtOnce);
        var tasks = sessions.Select(async session =>
        {
            await turns.WaitAsync();
            await session.RunAsync();
            turns.Release();
        }).ToList();
        while (tasks.Count > 0)
        {
            var done = await Task.WhenAny(tasks);
            tasks.Remove(done);
            await done;
        }
    }

    private static async Task CheckLifeAsync(GatewayLives lives, int life, List<SoakSession> sessions, CallCheck calls, Dictionary<string, IReadOnlyList<string>> logged)
    {
        using var copy = new LogCopy(lives.Folder);
        var ledger = CallLedger.Read(lives.LedgerFile);
        foreach (var session in sessions)
        {
            var events = await copy.ReadAsync(session.Id);
            var frames = LogCopy.Frames(events);
            var before = logged.GetValueOrDefault(session.Id) ?? [];
            Assert.Equal(before, frames.Take(before.Count));
            Assert.True(session.RawSeen.LastSeq <= frames.Count && session.HubSeen.LastSeq <= frames.Count, $"A client of {session.Id} saw more than was logged in life {life}.");
            calls.CheckLife(life, session.Id, SoakPlan.Agents.Select(agent => agent.Node), events, ledger);
            logged[session.Id] = frames;
        }
    }

    private static async Task CheckEndAsync(GatewayLives lives, List<SoakSession> sessions, Dictionary<string, IReadOnlyList<string>> logged, Dictionary<string, string> snapshots)
    {
        using var copy = new LogCopy(lives.Folder);
        foreach (var session in sessions)
        {
            Assert.Equal(logged[session.Id], session.RawSeen.Frames);
            Assert.Equal(logged[session.Id], session.HubSeen.Frames);
            Assert.Single(session.HubSeen.Events, sessionEvent => sessionEvent is SessionEvent<ExecutionCompleted>);

            var folded = new SessionState(await copy.HeaderAsync(session.Id), TestKinds.All);
            foreach (var sessionEvent in session.RawSeen.Events) folded.Apply(sessionEvent);
            Assert.Equal(snapshots[session.Id], Encoding.UTF8.GetString(JsonSerializer.SerializeToUtf8Bytes(folded.ToSnapshot(), ContractsJson.Wire.SessionSnapshot)));
            if (folded.Status != SessionStatus.Completed) Assert.Equal(SessionStatus.Cancelled, folded.Status);
            else foreach (var agent in SoakPlan.Agents) Assert.Equal(agent.Text, folded[agent.Node].Text.ToString());
        }
    }

    private static async Task<Dictionary<string, string>> SnapshotsAsync(GatewayProcess process, List<SoakSession> sessions)
    {
        using var http = new HttpClient { BaseAddress = await process.Ready };
        var snapshots = new Dictionary<string, string>();
        foreach (var session in sessions) snapshots[session.Id] = await http.GetStringAsync(new Uri($"api/v1/sessions/{session.Id}", UriKind.Relative));
        return snapshots;
    }
}
