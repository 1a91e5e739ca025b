using Gateway.Client.Chat;
using Gateway.Contracts;
using Microsoft.Extensions.AI;
using Xunit;

namespace Gateway.Tests.Client;

/// <summary>What a chat client is told of tries that are void, of branches that speak in turns, and of what reaches the end.</summary>
public sealed class ChatProjectionTests
{
    private const string Id = "s";

    [Fact]
    public void A_try_that_is_void_is_named_in_the_stream_and_is_not_in_the_response()
    {
        var log = Log(Runs("a"), Says("a", "wrong"), Runs("a", attempt: 2), Says("a", "right"), Ends("right"));
        var updates = Tell(log);

        Assert.Equal(["s/a/1.1", "s/a/1.2", "s/a/1.2", "s/a/1.2"], updates.Select(update => update.MessageId));
        Assert.Equal("s/a/1.1", updates[1].AdditionalProperties![ChatProjection.Voids]);
        Assert.Equal(["right"], Answer(updates).Messages.Select(message => message.Text));
    }

    [Fact]
    public void Branches_that_speak_in_turns_are_a_message_each()
    {
        var log = Log(Runs("a"), Runs("b"), Says("a", "1"), Says("b", "x"), Says("a", "2"), Says("b", "y"), Ends("xy"));

        Assert.Equal(["12", "xy"], Answer(Tell(log)).Messages.Select(message => message.Text));
    }

    [Fact]
    public void A_round_of_a_loop_is_a_message_of_its_own()
    {
        var log = Log(Runs("a"), Says("a", "one"), Runs("a", iteration: 2), Says("a", "two", 2), Ends("two"));

        Assert.Equal(["one", "two"], Answer(Tell(log)).Messages.Select(message => message.Text));
    }

    [Theory]
    [InlineData("said", 1)]
    [InlineData("said: yes", 2)]
    [InlineData(null, 1)]
    public void An_output_that_nobody_has_said_last_is_the_last_message(string? output, int messages)
    {
        var response = Answer(Tell(Log(Runs("a"), Says("a", "said"), Ends(output))));

        Assert.Equal(messages, response.Messages.Count);
        Assert.Equal(output ?? "said", response.Messages[^1].Text);
    }

    // The gateway merges tokens of old sessions, and cuts what it has merged where a reader begins.
    [Fact]
    public void A_merged_piece_that_was_told_in_part_is_not_doubled()
    {
        var told = new ChatProjection(Id, "w");
        foreach (var before in Log(Runs("a"), Says("a", "one "))) told.Apply(before);
        told.Overlap(Event(4, Says("a", "two three"), mergedFrom: 3));
        told.Apply(Event(4, Says("a", "three")));
        told.Apply(Event(5, Ends("one two three")));

        Assert.Empty(told.Finish().Contents);
    }

    [Fact]
    public void What_a_person_says_and_the_notes_about_calls_are_no_text()
    {
        var call = new ToolCall { CallId = "a.1", Name = "search", Status = ToolCallStatus.Requested, Arguments = System.Text.Json.JsonElement.Parse("""{"q":"tea"}""") };
        var log = Log(
            Runs("a"),
            Token("a", "search {}", thinking: true, tool: call),
            Token("a", "search {}", thinking: true, tool: call with { Status = ToolCallStatus.Running }),
            Token("a", "search: green", thinking: true, tool: call with { Status = ToolCallStatus.Completed, Arguments = null, Result = "green" }),
            Token("a", "too dear", thinking: true, tool: new ToolCall { CallId = "a.2", Name = "buy", Status = ToolCallStatus.Rejected, Result = "A person rejected this call: too dear" }, agent: TokenStream.UserAgentId),
            Token("a", "hm", thinking: true),
            Token(null, "quick", agent: TokenStream.UserAgentId),
            Says("a", "Green."),
            Ends("Green."));
        var response = Answer(Tell(log));

        Assert.Equal("Green.", response.Text);
        var contents = response.Messages.SelectMany(message => message.Contents).ToList();
        var asked = Assert.Single(contents.OfType<FunctionCallContent>());
        Assert.Equal(("a.1", "tea", true), (asked.CallId, asked.Arguments!["q"]!.ToString(), asked.InformationalOnly));
        Assert.Equal(["a.1 green", "a.2 A person rejected this call: too dear"], contents.OfType<FunctionResultContent>().Select(content => $"{content.CallId} {content.Result}"));
        Assert.Equal("hm", Assert.Single(contents.OfType<TextReasoningContent>()).Text);
    }

    private static List<ChatResponseUpdate> Tell(IEnumerable<SessionEvent> log)
    {
        var told = new ChatProjection(Id, "w");
        var updates = log.Select(told.Apply).OfType<ChatResponseUpdate>().ToList();
        return [.. updates, told.Finish()];
    }

    private static ChatResponse Answer(IEnumerable<ChatResponseUpdate> updates)
    {
        var answer = new ChatAnswer(Id, "w");
        foreach (var update in updates) answer.Add(update);
        return answer.Build();
    }

    private static List<SessionEvent> Log(params object[] events) => [.. events.Select((data, at) => Event(at + 1, data))];

    private static SessionEvent Event(long seq, object data, long? mergedFrom = null) => data switch
    {
        TokenStream token => Of(seq, token, mergedFrom),
        NodeStateChange change => Of(seq, change, mergedFrom),
        ExecutionCompleted end => Of(seq, end, mergedFrom),
        _ => throw new ArgumentException("There is no such event here.", nameof(data)),
    };

    private static SessionEvent<T> Of<T>(long seq, T data, long? mergedFrom)
        where T : class, IEventData =>
        new SessionEvent<T> { Seq = seq, MergedFrom = mergedFrom, Timestamp = new DateTime(2026, 11, 22, 10, 0, 0, DateTimeKind.Utc).AddTicks(seq), NodeId = data.NodeId, Data = data };

    private static NodeStateChange Runs(string node, int? attempt = null, int? iteration = null) => new() { SessionId = Id, NodeId = node, Status = NodeStatus.Running, Attempt = attempt, Iteration = iteration };

    private static TokenStream Says(string node, string text, int? iteration = null) => Token(node, text) with { Iteration = iteration };

    private static TokenStream Token(string? node, string text, bool thinking = false, ToolCall? tool = null, string agent = "agent") => new() { SessionId = Id, NodeId = node, AgentId = agent, Chunk = text, IsThinking = thinking, Tool = tool };

    private static ExecutionCompleted Ends(string? output) => new() { SessionId = Id, Status = SessionStatus.Completed, Output = output, Totals = Totals.Zero };
}
