using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Contracts;
using Gateway.Doors.AgUi;
using Gateway.Tests.Engine;
using Xunit;

namespace Gateway.Tests.Doors.AgUi;

/// <summary>Random sessions with every kind of node, as the official client sees them: from the first event, and joined anywhere.</summary>
public sealed class AgUiProjectionTests
{
    private const int Sessions = 30, JoinsOfEach = 2;

    [Fact]
    public async Task A_random_session_breaks_no_rule_and_the_client_ends_with_what_the_log_says()
    {
        var random = new Random(20261127);
        var plays = Enumerable.Range(0, Sessions).Select(_ => Tape(random)).Select(tape => new Play(tape, build: RandomFlow.Build)).ToList();
        var threads = new List<(string, object[])>();
        foreach (var play in plays)
        {
            threads.Add(("t", Runs(play, 0)));
            for (var join = 0; join < JoinsOfEach; join++) threads.Add(("t", Joined(play, random)));
        }

        var seen = await AgUiClient.DriveAsync("http://unused", [.. threads]);

        foreach (var (play, at) in plays.Select((play, i) => (play, i * (JoinsOfEach + 1))))
        {
            var whole = seen[at];
            Assert.All(whole, step => Assert.True(step.Text("failed") is null || play.State.Status == SessionStatus.Failed, step.Text("failed")));
            Compare(play, whole[^1]);
            for (var join = 1; join <= JoinsOfEach; join++)
            {
                Assert.True(seen[at + join][^1].Text("failed") is null || play.State.Status == SessionStatus.Failed, seen[at + join][^1].Text("failed"));
                Assert.Equal(whole[^1].Messages(), seen[at + join][^1].Messages());
                Assert.Equal(whole[^1].GetProperty("state").GetRawText().Length, seen[at + join][^1].GetProperty("state").GetRawText().Length);
            }
        }
    }

    private static void Compare(Play play, JsonElement seen)
    {
        Assert.Equal(play.State.Status, seen.GetProperty("state").Text("status"));
        foreach (var node in seen.GetProperty("state").GetProperty("nodes").EnumerateObject()) Assert.Equal(play.State[node.Name].Status, node.Value.Text("status"));
        foreach (var node in play.State.Nodes.Where(node => node.Node.Type == NodeType.Agent))
        {
            var said = seen.GetProperty("messages").EnumerateArray().Where(message => message.Text("id")!.StartsWith($"s:{node.Id}:{node.Iteration}.{node.Attempt}.", StringComparison.Ordinal)).ToList();
            Assert.Equal(node.Text.ToString(), string.Concat(said.Where(message => message.Text("role") == "assistant").Select(message => message.Text("content"))));
            Assert.Equal(node.Thinking.ToString(), string.Concat(said.Where(message => message.Text("role") == "reasoning").Select(message => message.Text("content"))));
        }

        // Of voided tries nothing is left to see.
        Assert.DoesNotContain(seen.GetProperty("messages").EnumerateArray(), message =>
            message.Text("role") == "assistant" && message.Text("content") is { Length: > 0 } && message.Text("id")!.Split(':') is [_, var node, var tried] && tried.Split('.') is [var iteration, var attempt, _]
            && play.State[node] is var state && int.Parse(iteration, System.Globalization.CultureInfo.InvariantCulture) == state.Iteration && int.Parse(attempt, System.Globalization.CultureInfo.InvariantCulture) < state.Attempt);
    }

    // Cut off somewhere, and joined at the same event or a later one.
    private static object[] Joined(Play play, Random random)
    {
        var projection = New(play);
        var blocks = new List<JsonObject>(projection.Begin());
        var until = random.Next(play.Events.Count);
        foreach (var sessionEvent in play.Events.Take(until))
        {
            blocks.AddRange(projection.Apply(sessionEvent));
            if (projection.IsOver) break;
        }

        var cut = blocks.Take(random.Next(1, blocks.Count + 1)).ToList();
        return [new { events = cut, runId = "cut" }, .. Runs(play, random.Next(until, play.Events.Count))];
    }

    // The runs from an event on, as a client asks for one after the other.
    private static object[] Runs(Play play, int from)
    {
        var projection = New(play);
        foreach (var sessionEvent in play.Events.Take(from)) projection.Apply(sessionEvent);
        var runs = new List<object>();
        projection.Until = from + 1;
        var blocks = new List<JsonObject>(projection.Begin());
        foreach (var sessionEvent in play.Events.Skip(from))
        {
            if (projection.IsOver)
            {
                runs.Add(new { events = blocks, runId = $"r{runs.Count}" });
                projection.Until = projection.LastSeq + 1;
                blocks = [.. projection.Begin()];
            }

            blocks.AddRange(projection.Apply(sessionEvent));
        }

        runs.Add(new { events = blocks, runId = $"r{runs.Count}" });
        return [.. runs];
    }

    private static AgUiProjection New(Play play) => new(play.Header.SessionId, play.Header.WorkflowId, play.Header.CreatedAt, new AgUiRun("t", "r", []));

    private static byte[] Tape(Random random)
    {
        var tape = new byte[random.Next(20, 220)];
        random.NextBytes(tape);
        return tape;
    }
}
