using System.Text;
using System.Text.Json;
using Gateway.Client.Stores;
using Gateway.Contracts;
using Gateway.Tests.Engine;
using Xunit;

namespace Gateway.Tests.Client.TypeScript;

/// <summary>The reducers of the browser library and of the .NET client make the same of the same log, byte for byte.</summary>
public sealed class SameFoldTests
{
    private const int Logs = 250;
    private static readonly DateTime Now = new(2026, 1, 2, 3, 4, 6, 789, DateTimeKind.Utc);

    [Fact]
    public async Task Random_sessions_are_folded_to_the_same_from_the_start_and_from_a_snapshot()
    {
        await NodeLibrary.RequireAsync();
        var seed = Random.Shared.Next();
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var chance = new Random(seed);
        var cases = new List<Case>();
        for (var i = 0; i < Logs; i++)
        {
            var tape = new byte[chance.Next(5, 220)];
            chance.NextBytes(tape);
            var play = new Play(tape, build: i % 3 == 0 ? RandomBudgets.Build : null);
            var events = play.Events.Select((e, at) => At(e, at, chance)).ToList();
            cases.Add(Whole(events));
            var cut = chance.Next(events.Count);
            cases.Add(FromSnapshot(Play.Fold(play.Header, events.Take(cut)).ToSnapshot(), events.Skip(Math.Max(0, cut - 3))));
        }

        await AssertSameAsync(cases, $"seed {seed}");
    }

    [Fact]
    public async Task Amounts_and_letters_of_all_kinds_are_the_same()
    {
        await NodeLibrary.RequireAsync();
        const string Id = "s";
        var session = new FakeSession(Id);
        session.Append(new NodeStateChange { SessionId = Id, NodeId = "n", Status = NodeStatus.Running });
        session.Say("Grüße, 世界 🎭 \"quoted\" \\ \u2028 \u0001 \t </script> ");
        foreach (var cost in new[] { 0.1m, 0.2m, 0.0000001m, 0.000099m, 123456789.123456m, 0m, 0.3m })
        {
            session.Append(new TokenUsage { SessionId = Id, NodeId = "n", AgentId = "a", InputTokens = 1, OutputTokens = 2, EstimatedCostUsd = cost });
        }

        session.Append(new ParallelStart { SessionId = Id, NodeId = "p", Branches = ["n", "m"] });
        session.Append(new ExecutionError { SessionId = Id, Error = "It broke.", Code = ErrorCode.StorageUnavailable });
        session.AppendMerged(from: session.LastSeq + 1, to: session.LastSeq + 7, "all at once");
        var tiny = new FakeSession(Id);
        tiny.Append(new TokenUsage { SessionId = Id, NodeId = "n", AgentId = "a", InputTokens = 1, OutputTokens = 2, EstimatedCostUsd = 0.0000001m });
        tiny.Append(new TokenUsage { SessionId = Id, NodeId = "n", AgentId = "a", InputTokens = 1, OutputTokens = 2, EstimatedCostUsd = 0.0000002m, CostKnown = false });

        var exact = new FakeSession(Id);
        foreach (var cost in new[] { 0.1m, 0.2m }) exact.Append(new TokenUsage { SessionId = Id, NodeId = "n", AgentId = "a", InputTokens = 1, OutputTokens = 2, EstimatedCostUsd = cost });

        await AssertSameAsync([Whole(session.Events), Whole(tiny.Events), Whole(exact.Events), Whole(session.End().Events)], "these logs");
    }

    private static Case Whole(IReadOnlyList<SessionEvent> events)
    {
        var (messages, run) = (new SessionStore(), new WorkflowRunStore());
        foreach (var sessionEvent in events)
        {
            messages.Apply(sessionEvent);
            run.Apply(sessionEvent);
        }

        return new Case($"{{\"events\":{Json(events)}}}", StoreJson.Of(messages, run));
    }

    private static Case FromSnapshot(SessionSnapshot snapshot, IEnumerable<SessionEvent> rest)
    {
        var (messages, run, events) = (new SessionStore(), new WorkflowRunStore(), rest.ToList());
        messages.Apply(snapshot);
        run.Apply(snapshot, Now);
        foreach (var sessionEvent in events)
        {
            messages.Apply(sessionEvent);
            run.Apply(sessionEvent);
        }

        var state = JsonSerializer.Serialize(snapshot, ContractsJson.Wire.SessionSnapshot);
        return new Case($"{{\"events\":{Json(events)},\"snapshot\":{state},\"now\":\"{Now:yyyy-MM-ddTHH:mm:ss.fffZ}\"}}", StoreJson.Of(messages, run));
    }

    // The engine's plays all happen at one moment; clocks need more.
    private static SessionEvent At(SessionEvent sessionEvent, int place, Random chance) =>
        sessionEvent with { Timestamp = Now.AddTicks((place * 12_345_678L) + chance.Next(12_345_678)) };

    private static string Json(IEnumerable<SessionEvent> events) => $"[{string.Join(',', events.Select(e => Encoding.UTF8.GetString(EventSerializer.Serialize(e))))}]";

    private static async Task AssertSameAsync(List<Case> cases, string which)
    {
        var (exit, output) = await NodeLibrary.RunAsync(["test/fold.mjs"], string.Concat(cases.Select(one => one.Log + "\n")));
        Assert.True(exit == 0, output);
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(cases.Count, lines.Length);
        for (var i = 0; i < lines.Length; i++) Assert.True(cases[i].Expected == lines[i], $"Log {i} of {which}:\n{cases[i].Expected}\nin C#, and in TypeScript\n{lines[i]}\nof {cases[i].Log}");
    }

    private sealed record Case(string Log, string Expected);
}
