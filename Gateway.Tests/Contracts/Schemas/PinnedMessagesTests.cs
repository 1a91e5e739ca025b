using System.Text.Json;
using Gateway.Contracts;
using Gateway.Tests.Contracts.Generated;
using Gateway.Tests.Infrastructure;
using Xunit;

namespace Gateway.Tests.Contracts.Schemas;

/// <summary>Every message that is written down somewhere fits its schema, and one with a slip in it does not.</summary>
public sealed class PinnedMessagesTests
{
    public static TheoryData<string> Messages => [.. WireMessages.All.Where(message => SchemaOf(message) is not null).Select(message => message.Name)];

    public static TheoryData<string> Frames => [.. FrameExamples.All.Keys];

    [Theory]
    [MemberData(nameof(Messages))]
    public void A_pinned_message_fits_its_schema(string name)
    {
        var message = WireMessages.All.Single(message => message.Name == name);

        FrameSchemas.AssertFits(SchemaOf(message)!, JsonSerializer.SerializeToElement(message.Value, message.Type));
    }

    [Theory]
    [MemberData(nameof(Frames))]
    public void An_example_fits_its_schema_and_not_with_a_member_too_many_or_without_one(string name)
    {
        var example = FrameExamples.All[name];
        FrameSchemas.AssertFits(name, JsonSerializer.SerializeToElement(example));

        var more = example.DeepClone().AsObject();
        more["nodeId"] = "n";
        Assert.NotEmpty(FrameSchemas.Mistakes(name, JsonSerializer.SerializeToElement(more)));

        foreach (var member in (string[])["event", "cmd", "type", "timestamp", "seq", "target"])
        {
            var less = example.DeepClone().AsObject();
            if (less.Remove(member)) Assert.NotEmpty(FrameSchemas.Mistakes(name, JsonSerializer.SerializeToElement(less)));
        }
    }

    [Theory]
    [InlineData("TokenStreamEvent", """{"event":"token_stream","timestamp":"2026-11-22T10:00:00.123Z","seq":1,"data":{"session_id":"s","agent_id":"a","chunk":"x","is_thinking":false}}""")]
    [InlineData("TokenStreamEvent", """{"event":"token_stream","timestamp":"2026-11-22T10:00:00.1234567Z","seq":1.5,"data":{"session_id":"s","agent_id":"a","chunk":"x","is_thinking":false}}""")]
    [InlineData("TokenStreamEvent", """{"event":"token_stream","timestamp":"2026-11-22T10:00:00.1234567Z","seq":1,"data":{"session_id":"s","agent_id":"a","chunk":null,"is_thinking":false}}""")]
    [InlineData("TokenStreamEvent", """{"event":"token_stream","timestamp":"2026-11-22T10:00:00.1234567Z","seq":1,"data":{"session_id":"s","node_id":null,"agent_id":"a","chunk":"x","is_thinking":false}}""")]
    [InlineData("NodeStateChangeEvent", """{"event":"node_state_change","timestamp":"2026-11-22T10:00:00.1234567Z","seq":1,"data":{"session_id":"s","node_id":"n","status":"running"}}""")]
    [InlineData("NodeStateChangeEvent", """{"event":"node_state_change","timestamp":"2026-11-22T10:00:00.1234567Z","node_id":"n","seq":1,"data":{"session_id":"s","node_id":"n","status":"started"}}""")]
    [InlineData("ExecutionPausedEvent", """{"event":"execution:paused","timestamp":"2026-11-22T10:00:00.1234567Z","node_id":"n","seq":1,"data":{"session_id":"s","reason":"user_requested"}}""")]
    [InlineData("AckFrame", """{"event":"ack","timestamp":"2026-11-22T10:00:00.1234567Z","data":{"session_id":"s"}}""")]
    [InlineData("ErrorReply", """{"event":"error","timestamp":"2026-11-22T10:00:00.1234567Z","data":{"error":"No."}}""")]
    [InlineData("PauseSessionCommand", """{"cmd":"pause","data":{"session_id":"s"}}""")]
    [InlineData("PauseSessionCommand", """{"cmd":"pause_session","data":{"sessionId":"s"}}""")]
    public void A_message_with_a_slip_in_it_fits_no_schema(string name, string message) =>
        Assert.NotEmpty(FrameSchemas.Mistakes(name, JsonElement.Parse(message)));

    [Fact]
    public void An_error_of_a_session_and_a_refusal_are_not_taken_for_each_other()
    {
        var (ofSession, refusal) = (JsonSerializer.SerializeToElement(FrameExamples.All["ExecutionErrorEvent"]), JsonSerializer.SerializeToElement(FrameExamples.All["ErrorReply"]));

        Assert.NotEmpty(FrameSchemas.Mistakes("ErrorReply", ofSession));
        Assert.NotEmpty(FrameSchemas.Mistakes("ExecutionErrorEvent", refusal));
    }

    [Theory]
    [InlineData("Gateway.Contracts/PROTOCOL.md", 4)]
    [InlineData("README.md", 4)]
    public void Every_frame_in_a_document_fits_its_schema(string document, int least)
    {
        var frames = DocumentFrames.Read(File.ReadAllText(Path.Combine(Repository.Root, document)));

        Assert.True(frames.Count >= least, $"Of the frames in {document} {frames.Count} were found.");
        Assert.All(frames, frame => FrameSchemas.AssertFits(FrameNames.Of(frame), frame));
    }

    private static string? SchemaOf(WireMessage message) => message.Value switch
    {
        SessionEvent or ReplyFrame or SnapshotFrame => FrameNames.Of(JsonSerializer.SerializeToElement(message.Value, message.Type)),
        _ => FrameSchemas.Names.Contains(message.Type.Type.Name) ? message.Type.Type.Name : null,
    };
}
