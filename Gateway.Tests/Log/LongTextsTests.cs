using System.Text;
using System.Text.Json;
using Gateway.Contracts;
using Gateway.Log;
using Gateway.Tests.Engine;
using Gateway.Tests.Infrastructure;
using Xunit;

namespace Gateway.Tests.Log;

/// <summary>Long texts are written in pieces, and the JSON is the same as in one.</summary>
public sealed class LongTextsTests
{
    // Pieces end at each place of what takes two characters, or an escape.
    public static TheoryData<string> Texts => [.. Enumerable.Range(0, 3).Select(n => new string('x', n) + Repeat("😀\n\"\\é中\u0001<&\u007f\u2028", 20_000)), new string('z', 100_000)];

    [Theory]
    [MemberData(nameof(Texts))]
    public void Events_are_the_same(string text)
    {
        foreach (var sessionEvent in new SessionEvent[]
        {
            Event(new TokenStream { SessionId = "s", NodeId = "n", AgentId = "a", Chunk = text, IsThinking = false }),
            Event(new ExecutionPaused { SessionId = "s", Reason = PauseReason.UserRequested, HeldInput = new HeldInput { Content = text } }),
            Event(new ExecutionCompleted { SessionId = "s", Status = SessionStatus.Completed, Output = text, Totals = Totals.Zero }),
            Event(new NodeStateChange { SessionId = "s", NodeId = "n", Status = NodeStatus.Suspended, Prompt = new Prompt { PromptId = "p", Text = text } }),
        })
        {
            Assert.Equal(EventSerializer.Serialize(sessionEvent), new LoggedEvent(sessionEvent).Json);
        }
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public void Headers_and_snapshots_are_the_same(string text)
    {
        var header = EngineFixture.Header(SampleWorkflows.Reviewed) with { Input = text };
        Assert.Equal(JsonSerializer.SerializeToUtf8Bytes(header, LogJson.Default.SessionHeader), HeaderJson.Encode(header));
        Assert.Equal(text, HeaderJson.Decode("s", HeaderJson.Encode(header)).Input);

        var snapshot = new SessionSnapshot
        {
            SessionId = "s",
            WorkflowId = "w",
            Status = SessionStatus.Running,
            LastSeq = 7,
            CreatedAt = header.CreatedAt,
            Totals = Totals.Zero,
            Nodes = new Dictionary<string, NodeSnapshot> { ["n"] = new() { Status = NodeStatus.Running, Text = text, Thinking = text } },
            UserMessages = [text, "short"],
            HeldInputs = [new HeldInput { Content = text, NodeId = "n" }],
        };
        Assert.Equal(JsonSerializer.SerializeToUtf8Bytes(snapshot, ContractsJson.Wire.SessionSnapshot), LongTexts.Encode(snapshot, 5L * text.Length));
    }

    [Fact]
    public void A_long_text_costs_its_size()
    {
        var sessionEvent = Event(new TokenStream { SessionId = "s", NodeId = "n", AgentId = "a", Chunk = Repeat("line\n", 400_000), IsThinking = false });
        _ = LongTexts.Encode(sessionEvent);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var json = LongTexts.Encode(sessionEvent);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, json.Length, 4 * json.Length);
    }

    private static string Repeat(string text, int times) => new StringBuilder(text.Length * times).Insert(0, text, times).ToString();

    private static SessionEvent<TData> Event<TData>(TData data)
        where TData : class, IEventData => new() { Seq = 1, Timestamp = new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc), NodeId = data.NodeId, Data = data };
}
