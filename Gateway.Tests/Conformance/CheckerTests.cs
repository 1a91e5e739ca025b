extern alias Benchmarks;

using System.Text.Json.Nodes;
using Benchmarks::Gateway.Benchmarks.Conformance.Check;
using Benchmarks::Gateway.Benchmarks.Conformance.Faults;
using Xunit;

namespace Gateway.Tests.Conformance;

/// <summary>The checker of the kit fails a recording for each promise that it breaks, and for no other.</summary>
public sealed class CheckerTests
{
    private const string Session = "s";

    private static readonly JsonObject[] s_log =
    [
        Event(1, "node_state_change", "a", ("status", "running")),
        Token(2, "Hel"),
        Token(3, "lo, "),
        Token(4, "you."),
        Event(5, "token_usage", "a", ("input_tokens", 3), ("output_tokens", 3), ("estimated_cost_usd", 0.00125m)),
        Event(6, "node_state_change", "a", ("status", "completed")),
        Event(7, "node_state_change", "ask", ("status", "suspended"), ("prompt", new JsonObject { ["prompt_id"] = "p", ["text"] = "Go on?" })),
        Event(8, "node_state_change", "ask", ("status", "completed")),
        Event(9, "execution:completed", null, ("status", "completed")),
    ];

    public static TheoryData<string> Promises => [.. Broken.Keys];

    // For each promise, recordings that break it and nothing else.
    private static Dictionary<string, Func<List<JsonObject>, SessionTruth>[]> Broken { get; } = new()
    {
        [Promise.Tried] = [_ => Truth(Fault.Drop)],
        [Promise.Complete] =
        [
            lines => Without(lines, 4),
            lines => Without(lines, 1),
            lines => Without(lines, 9),
            lines => Without(lines, 2, 3, 4),

            // One event that stands for a run is told, and another one with the same end stands for a longer run.
            lines => Merge(Without(lines, 2), lines, from: 3, to: 4, "lo, you."),
        ],
        [Promise.Once] = [lines => Insert(lines, at: 4, Copy(lines, 4)), lines => Insert(lines, at: 12, Copy(lines, 9)), lines => Insert(lines, at: 6, Copy(lines, 2)), lines => Edit(lines, 4, frame => (frame["merged_from"], frame["data"]!["chunk"]) = (3, "lo, you."))],
        [Promise.Ordered] = [lines => Swap(lines, 3, 4), lines => Swap(lines, 1, 9), lines => Swap(lines, 8, 9)],
        [Promise.Faithful] =
        [
            lines => Edit(lines, 3, frame => frame["data"]!["chunk"] = "lo "),
            lines => Edit(lines, 3, frame => frame["data"]!.AsObject().Remove("chunk")),
            lines => Edit(lines, 3, frame => frame["node_id"] = "b"),
            lines => Edit(lines, 3, frame => frame["timestamp"] = "2026-11-22T10:00:01.0000000Z"),
            lines => Edit(lines, 5, frame => frame["data"]!["estimated_cost_usd"] = 0.0013m),
            lines => Edit(lines, 5, frame => frame["data"]!["output_tokens"] = "3 of them"),
            lines => Edit(lines, 7, frame => frame["data"]!["prompt"]!["text"] = "Go?"),
            lines => Insert(lines, at: 12, new JsonObject { ["kind"] = "event", ["frame"] = Token(10, "more") }),
            lines => Insert(lines, at: 0, new JsonObject { ["kind"] = "event", ["frame"] = Token(0, "none") }),
            lines => Merge(Without(lines, 2, 3, 4), lines, from: 2, to: 4, "Hello, "),
            lines => Edit(lines, 3, frame => frame["merged_from"] = -1_000_000_000_000),
        ],
        [Promise.Text] =
        [
            lines => Change(lines, "text", line => line["text"] = "Hello, you"),
            lines => Drop(lines, "text"),
            lines => Insert(lines, at: 9, new JsonObject { ["kind"] = "text", ["node_id"] = "nobody", ["text"] = "Hm." }),
        ],
        [Promise.Prompts] = [lines => Drop(lines, "prompt"), lines => Change(lines, "prompt", line => line["prompt_id"] = "q")],
        [Promise.Answered] =
        [
            lines => Drop(lines, "answer"),
            lines => Insert(lines, at: 9, new JsonObject { ["kind"] = "answer", ["id"] = "1", ["seq"] = 8 }),
            lines => Insert(lines, at: 9, new JsonObject { ["kind"] = "answer", ["id"] = "2", ["code"] = "unknown_session" }),
            lines => Drop(lines, "command"),
        ],
        [Promise.Returned] =
        [
            lines => Without(lines, Truth(Fault.Drop, 4), 4, 5, 6, 7, 8, 9),
            lines => Without(lines, Truth(Fault.Cut, 4), 5, 6, 7, 8, 9),
            lines => Without(lines, Truth(Fault.HalfOpen, 2), 3, 4, 5, 6, 7, 8, 9),
            lines => Insert(lines, at: 9, new JsonObject { ["kind"] = "closed", ["reason"] = "Max reconnection attempts reached" }),
        ],
        [Promise.Obeyed] =
        [
            lines => Insert(lines, at: 9, new JsonObject { ["kind"] = "closed" }, Truth(Fault.Goodbye, 4)),
            lines => Without(lines, Truth(Fault.Goodbye, 4), 5, 6, 7, 8, 9),
            lines => Without(Closed(lines), Truth(Fault.Goodbye, 4) with { AfterGoodbye = 1 }, 5, 6, 7, 8, 9),
        ],
        [Promise.Ended] = [lines => Drop(lines, "end")],
    };

    [Fact]
    public void Every_promise_has_recordings_that_break_it() =>
        Assert.Equal(Promise.All.Except([Promise.Readable]).Order(StringComparer.Ordinal), Broken.Keys.Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Promises))]
    public void A_recording_that_breaks_a_promise_fails_for_that(string promise)
    {
        foreach (var (breaks, number) in Broken[promise].Select((breaks, number) => (breaks, number)))
        {
            var lines = Recorded();
            var truth = breaks(lines);

            var breach = Assert.Single(Checker.Check(Read(lines), truth));

            Assert.True(breach.Promise == promise, $"Recording {number} of '{promise}' breaks '{breach.Promise}': {breach.Sentence}");
            Assert.EndsWith(".", breach.Sentence.TrimEnd('?') + (breach.Sentence.EndsWith('?') ? "." : ""), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_recording_of_everything_passes()
    {
        Assert.Empty(Checker.Check(Read(Recorded()), Truth(Fault.None)));
        Assert.Empty(Checker.Check(Read(Recorded()), Truth(Fault.Drop, 3)));
    }

    [Fact]
    public void What_wires_may_do_differently_passes()
    {
        var lines = Recorded();

        // MessagePack has nil for what does not apply, and doubles; a clock that jumped is told as it was heard; members of later versions are passed on.
        var truth = Edit(lines, 5, frame => (frame["node_id"], frame["data"]!["cost_known"], frame["data"]!["estimated_cost_usd"]) = ("a", null, 0.00125));
        Edit(lines, 3, frame => (frame["x"], frame["data"]!["y"]) = (new JsonArray(1), "z"));
        Edit(lines, 2, frame => frame["timestamp"] = "2026-11-22T11:00:02.0000000Z");

        Assert.Empty(Checker.Check(Read(lines), truth with { Fault = Fault.Clock, Played = [2] }));
    }

    [Fact]
    public void An_event_that_stands_for_a_run_passes()
    {
        var lines = Recorded();

        var truth = Merge(Without(lines, 2, 3, 4), lines, from: 2, to: 4, "Hello, you.");

        Assert.Empty(Checker.Check(Read(lines), truth));
    }

    [Fact]
    public void A_run_that_cannot_be_costs_nothing()
    {
        var lines = Recorded();
        var nonsense = Line(Token(2_000_000, "!"));
        nonsense["frame"]!["merged_from"] = 10;
        var (recording, truth) = (Read([.. lines, nonsense]), Truth(Fault.None));

        var before = GC.GetAllocatedBytesForCurrentThread();
        var breach = Assert.Single(Checker.Check(recording, truth));

        Assert.Equal(Promise.Faithful, breach.Promise);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 * 1024 * 1024);
    }

    [Fact]
    public void A_client_that_obeys_passes()
    {
        var lines = Recorded();

        var truth = Without(Closed(lines), Truth(Fault.Goodbye, 4), 5, 6, 7, 8, 9);

        Assert.Empty(Checker.Check(Read(lines), truth));
    }

    [Theory]
    [InlineData("{", "Line 2 cannot be read")]
    [InlineData("[]", "no JSON object")]
    [InlineData("""{"kind":"sung"}""", "none of event, command")]
    [InlineData("""{"frame":{}}""", "no text 'kind'")]
    [InlineData("""{"kind":"event","frame":{"event":"token_stream"}}""", "no event with a seq")]
    [InlineData("""{"kind":"event","frame":{"seq":"1"}}""", "no event with a seq")]
    [InlineData("""{"kind":"prompt"}""", "no text 'prompt_id'")]
    public void A_line_that_cannot_be_read_is_named(string line, string words)
    {
        var mistake = Assert.Throws<FormatException>(() => Recording.Read(["""{"kind":"end"}""", line]));

        Assert.Contains(words, mistake.Message, StringComparison.Ordinal);
        Assert.StartsWith("Line 2 ", mistake.Message, StringComparison.Ordinal);
    }

    private static List<JsonObject> Recorded() =>
    [
        .. s_log.Take(7).Select(Line),
        new JsonObject { ["kind"] = "prompt", ["prompt_id"] = "p" },
        new JsonObject { ["kind"] = "command", ["id"] = "1", ["cmd"] = "user_input" },
        Line(s_log[7]),
        new JsonObject { ["kind"] = "answer", ["id"] = "1", ["seq"] = 8 },
        Line(s_log[8]),
        new JsonObject { ["kind"] = "text", ["node_id"] = "a", ["text"] = "Hello, you." },
        new JsonObject { ["kind"] = "end" },
    ];

    private static JsonObject Line(JsonObject frame) => new() { ["kind"] = "event", ["frame"] = frame.DeepClone() };

    private static Recording Read(List<JsonObject> lines) => Recording.Read(lines.Select(line => line.ToJsonString()));

    private static SessionTruth Truth(Fault fault, params long[] played) => new(Session, s_log, new Dictionary<string, string> { ["a"] = "Hello, you." }, fault, played, AfterGoodbye: 0);

    private static List<JsonObject> Closed(List<JsonObject> lines)
    {
        lines.Insert(lines.Count - 1, new JsonObject { ["kind"] = "closed", ["code"] = "1008" });
        return lines;
    }

    private static SessionTruth Without(List<JsonObject> lines, params long[] seqs) => Without(lines, Truth(Fault.None), seqs);

    private static SessionTruth Without(List<JsonObject> lines, SessionTruth truth, params long[] seqs)
    {
        lines.RemoveAll(line => SeqOf(line) is { } seq && seqs.Contains(seq));
        return truth;
    }

    private static SessionTruth Merge(SessionTruth truth, List<JsonObject> lines, long from, long to, string chunk)
    {
        lines.RemoveAll(line => SeqOf(line) is { } seq && seq >= from && seq <= to);
        var merged = Line(Token(to, chunk));
        merged["frame"]!["merged_from"] = from;
        return Insert(lines, lines.FindIndex(line => SeqOf(line) > to), merged, truth);
    }

    private static SessionTruth Insert(List<JsonObject> lines, int at, JsonObject line, SessionTruth? truth = null)
    {
        lines.Insert(at, line);
        return truth ?? Truth(Fault.None);
    }

    private static SessionTruth Swap(List<JsonObject> lines, long one, long other)
    {
        var (left, right) = (lines.FindIndex(line => SeqOf(line) == one), lines.FindIndex(line => SeqOf(line) == other));
        (lines[left], lines[right]) = (lines[right], lines[left]);
        return Truth(Fault.None);
    }

    private static SessionTruth Edit(List<JsonObject> lines, long seq, Action<JsonNode> edit)
    {
        edit(lines.Single(line => SeqOf(line) == seq)["frame"]!);
        return Truth(Fault.None);
    }

    private static SessionTruth Change(List<JsonObject> lines, string kind, Action<JsonObject> change)
    {
        change(lines.Single(line => line["kind"]!.GetValue<string>() == kind));
        return Truth(Fault.None);
    }

    private static SessionTruth Drop(List<JsonObject> lines, string kind)
    {
        lines.RemoveAll(line => line["kind"]!.GetValue<string>() == kind);
        return Truth(Fault.None);
    }

    private static JsonObject Copy(List<JsonObject> lines, long seq) => (JsonObject)lines.Single(line => SeqOf(line) == seq).DeepClone();

    private static long? SeqOf(JsonObject line) => line["frame"]?["seq"]?.GetValue<long>();

    private static JsonObject Token(long seq, string chunk) => Event(seq, "token_stream", "a", ("agent_id", "x"), ("chunk", chunk), ("is_thinking", false));

    private static JsonObject Event(long seq, string name, string? node, params (string Name, JsonNode? Value)[] members)
    {
        var data = new JsonObject { ["session_id"] = Session };
        var frame = new JsonObject { ["event"] = name, ["timestamp"] = $"2026-11-22T10:00:0{seq % 10}.0000000Z" };
        if (node is not null) (frame["node_id"], data["node_id"]) = (node, node);
        foreach (var (key, value) in members) data[key] = value;
        frame["seq"] = seq;
        frame["data"] = data;
        return frame;
    }
}
