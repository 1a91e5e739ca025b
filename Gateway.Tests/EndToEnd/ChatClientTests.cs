using System.Text.Json;
using Gateway.Client;
using Gateway.Contracts;
using Gateway.Tests.Crash;
using Gateway.Tests.Infrastructure;
using Microsoft.Extensions.AI;
using Xunit;

namespace Gateway.Tests.EndToEnd;

/// <summary>A workflow of a real gateway as a chat client of Microsoft.Extensions.AI.</summary>
public sealed class ChatClientTests(GatedGateway gateway) : IClassFixture<GatedGateway>
{
    private static readonly WorkflowDefinition Two = SampleWorkflows.Of(("start", NodeType.Start, ["a"]), ("a", NodeType.Agent, ["b"]), ("b", NodeType.Agent, ["end"]), ("end", NodeType.End, []));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(GatewayWire.MessagePack)]
    [InlineData(GatewayWire.Json)]
    [InlineData(GatewayWire.WebSocket)]
    public async Task A_question_is_answered_in_pieces_and_as_a_whole(GatewayWire wire)
    {
        await using var client = await ConnectAsync(wire);
        using var chat = client.AsChatClient("quick-answer");

        var streaming = ReadAsync(chat.GetStreamingResponseAsync("Tea or coffee?", cancellationToken: Token));
        var call = await gateway.Models["default"].NextCall();
        Assert.Contains("Tea or coffee?", call.Messages[^1].Text, StringComparison.Ordinal);
        call.Say("Tea, ", "please.").End();
        var updates = await Wait.For(streaming, "the stream");
        Assert.Equal("Tea, please.", string.Concat(updates.Select(update => update.Text)));
        Assert.All(updates.SkipLast(1), update => Assert.NotNull(update.ContinuationToken));
        Assert.Equal((null, ChatFinishReason.Stop), (updates[^1].ContinuationToken, updates[^1].FinishReason));
        var put = updates.ToChatResponse();
        Assert.Equal(("Tea, please.", "assistant", null), (put.Text, Assert.Single(put.Messages).AuthorName, put.ConversationId));
        Assert.Equal(SessionStatus.Completed, (await gateway.SnapshotAsync(put.ResponseId!)).Status);

        // A conversation is told as a whole, since a session of it is over when it has answered.
        var asked = Task.Run(() => chat.GetResponseAsync([new(ChatRole.User, "Tea or coffee?"), .. put.Messages, new(ChatRole.User, "And why?")], cancellationToken: Token), Token);
        call = await gateway.Models["default"].NextCall();
        Assert.Contains("The conversation so far:\n\nUser: Tea or coffee?\n\nassistant: Tea, please.\n\nThe user now says:\n\nAnd why?", call.Messages[^1].Text, StringComparison.Ordinal);
        call.Say("It is ", "warm.").End();
        var response = await Wait.For(asked, "the response");
        Assert.Equal(("It is warm.", null, null, ChatFinishReason.Stop), (response.Text, response.ContinuationToken, response.ConversationId, response.FinishReason));
        Assert.IsType<TextContent>(Assert.Single(Assert.Single(response.Messages).Contents));
        Assert.True(response.Usage!.TotalTokenCount > 0);
        Assert.NotEqual(put.ResponseId, response.ResponseId);
        Assert.Equal(("gateway", "quick-answer"), (chat.GetService<ChatClientMetadata>()!.ProviderName, chat.GetService<ChatClientMetadata>()!.DefaultModelId));
        Assert.Same(client, chat.GetService<GatewayClient>());
    }

    [Fact]
    public async Task Another_client_gets_exactly_the_rest_of_a_stream_that_was_cut()
    {
        var scene = new Scene(gateway, Two);
        ChatResponseUpdate last;
        GatedCall first;
        await using (var client = await ConnectAsync())
        {
            await using var reading = client.AsChatClient("any").GetStreamingResponseAsync("Tea?", Options(scene), Token).GetAsyncEnumerator(Token);
            var moving = reading.MoveNextAsync().AsTask();
            first = (await scene.CallAsync("a")).Say("half ");
            Assert.True(await Wait.For(moving, "the first words"));
            last = reading.Current;
        }

        Assert.Equal("half ", last.Text);
        var token = JsonSerializer.SerializeToUtf8Bytes(last.ContinuationToken, AIJsonUtilities.DefaultOptions);
        await using var second = await ConnectAsync(GatewayWire.WebSocket);
        using var chat = second.AsChatClient("any");
        var background = new ChatOptions { ContinuationToken = last.ContinuationToken, AllowBackgroundResponses = true };
        var poll = await chat.GetResponseAsync([], background, Token);
        Assert.Equal((0, scene.Id), (poll.Messages.Count, poll.ResponseId));
        Assert.Equal(last.ContinuationToken!.ToBytes().ToArray(), poll.ContinuationToken!.ToBytes().ToArray());

        var rest = ReadAsync(chat.GetStreamingResponseAsync([], new ChatOptions { ContinuationToken = JsonSerializer.Deserialize<ResponseContinuationToken>(token, AIJsonUtilities.DefaultOptions) }, Token));
        first.Say("and half.").End();
        (await scene.CallAsync("b")).Say("Final.").End();
        var updates = await Wait.For(rest, "the rest");
        Assert.Equal("and half.Final.", string.Concat(updates.Select(update => update.Text)));
        Assert.Equal(last.MessageId, updates.First(update => update.Text.Length > 0).MessageId);

        // As a whole it is the same, and what was polled for is there.
        Assert.Equal(["and half.", "Final."], (await chat.GetResponseAsync([], background, Token)).Messages.Select(message => message.Text));
        var refused = await Assert.ThrowsAsync<ArgumentException>(() => chat.GetResponseAsync([], new ChatOptions { ContinuationToken = ResponseContinuationToken.FromBytes("else"u8.ToArray()) }, Token));
        Assert.Contains("none of a gateway's session", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task In_the_background_a_response_is_polled_for()
    {
        var scene = new Scene(gateway, Two);
        await using var client = await ConnectAsync();
        using var chat = client.AsChatClient("any");
        var options = Options(scene);
        options.AllowBackgroundResponses = true;
        var begun = await chat.GetResponseAsync("Tea?", options, Token);
        Assert.Empty(begun.Messages);
        (await scene.CallAsync("a")).Say("half ", "and half.").End();
        (await scene.CallAsync("b")).Say("Final.").End();
        await Wait.For(client.Session(scene.Id).Completion, "the end");
        var done = await chat.GetResponseAsync([], new ChatOptions { ContinuationToken = begun.ContinuationToken, AllowBackgroundResponses = true }, Token);
        Assert.Equal((null, "half and half.|Final."), (done.ContinuationToken, string.Join('|', done.Messages.Select(message => message.Text))));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_question_is_a_request_for_approval_and_any_client_answers_it(bool inWords)
    {
        var scene = new Scene(gateway, SampleWorkflows.Reviewed);
        ChatResponse waits;
        await using (var first = await ConnectAsync())
        {
            var asking = Task.Run(() => first.AsChatClient("any").GetResponseAsync("Tea?", Options(scene), Token), Token);
            (await scene.CallAsync("a")).Say("A draft.").End();
            waits = await Wait.For(asking, "the question");
        }

        Assert.Equal(("A draft.", scene.Id, null), (waits.Text, waits.ConversationId, waits.ContinuationToken));
        var request = Assert.IsType<ToolApprovalRequestContent>(Assert.Single(waits.Messages[^1].Contents));
        var question = Assert.IsType<FunctionCallContent>(request.ToolCall);
        Assert.Equal(("review", "Good?", true), (question.Name, $"{question.Arguments!["text"]}", question.InformationalOnly));

        await using var second = await ConnectAsync(GatewayWire.Json);
        using var chat = second.AsChatClient("any");
        AIContent said = inWords ? new TextContent("Shorter.") : request.CreateResponse(true, "Shorter.");
        var answering = Task.Run(() => chat.GetResponseAsync([new(ChatRole.User, [said])], inWords ? new ChatOptions { ConversationId = waits.ConversationId } : null, Token), Token);
        var call = await scene.CallAsync("b");
        Assert.Contains("Shorter.", call.Messages[^1].Text, StringComparison.Ordinal);
        call.Say("Final.").End();
        var final = await Wait.For(answering, "the end");
        Assert.Equal(("Final.", null, scene.Id), (final.Text, final.ConversationId, final.ResponseId));

        var late = await Assert.ThrowsAsync<GatewayClientException>(() => chat.GetResponseAsync([new(ChatRole.User, [request.CreateResponse(false)])], cancellationToken: Token));
        Assert.Contains(late.Code, (string[])[ErrorCode.PromptAnswered, ErrorCode.SessionFinished]);

        // Who asks from before the question is told what came of it, and not the question again.
        var whole = await chat.GetResponseAsync([], new ChatOptions { ContinuationToken = ResponseContinuationToken.FromBytes(System.Text.Encoding.UTF8.GetBytes($"{scene.Id}.1")) }, Token);
        Assert.Equal(["A draft.", "Final."], whole.Messages.Select(message => message.Text));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Of_several_questions_one_may_be_answered_or_all(bool together)
    {
        var scene = new Scene(gateway, SampleWorkflows.ReviewBesideAgent);
        await using var client = await ConnectAsync();
        using var chat = client.AsChatClient("any");
        var asking = Task.Run(() => chat.GetResponseAsync("Tea?", Options(scene), Token), Token);
        (await scene.CallAsync("a")).Say("A draft.").End();
        var requests = Requests(await Wait.For(asking, "the questions"));
        Assert.Equal(["review", "second"], requests.Select(request => request.ToolCall.CallId));

        if (!together)
        {
            var left = Requests(await Wait.For(chat.GetResponseAsync([new(ChatRole.User, [requests[0].CreateResponse(true)])], cancellationToken: Token), "the other question"));
            Assert.Equal("second", Assert.Single(left).ToolCall.CallId);
            requests = left;
        }

        var done = await Wait.For(chat.GetResponseAsync([new(ChatRole.User, [.. requests.Select(request => request.CreateResponse(true))])], cancellationToken: Token), "the end");
        Assert.Equal((ChatFinishReason.Stop, null), (done.FinishReason, done.ConversationId));
        Assert.Equal(SessionStatus.Completed, (await gateway.SnapshotAsync(scene.Id)).Status);

        static List<ToolApprovalRequestContent> Requests(ChatResponse response) => [.. response.Messages[^1].Contents.Cast<ToolApprovalRequestContent>()];
    }

    [Theory]
    [InlineData(true, "114.835")]
    [InlineData(false, "A person rejected this call: the tax is wrong")]
    public async Task A_call_of_a_tool_is_approved_through_the_usual_middleware(bool approved, string result)
    {
        await using var scripted = await CustomFixture.StartAsync();
        await using var client = await GatewayClient.ConnectAsync(scripted.Address, cancellationToken: Token);
        using var chat = client.AsChatClient("tool-approval").AsBuilder().UseFunctionInvocation().Build();
        List<ChatMessage> messages = [new(ChatRole.User, "What is (84.50 + 12) * 1.19?")];

        var waits = await Wait.For(chat.GetResponseAsync(messages, cancellationToken: Token), "the question");
        var request = Assert.Single(waits.Messages.SelectMany(message => message.Contents).OfType<ToolApprovalRequestContent>());
        var call = Assert.IsType<FunctionCallContent>(request.ToolCall);
        Assert.Equal(("calculate", "(84.50 + 12) * 1.19"), (call.Name, call.Arguments!["expression"]!.ToString()));

        messages = [.. messages, .. waits.Messages, new(ChatRole.User, [request.CreateResponse(approved, approved ? null : "the tax is wrong")])];
        var done = await Wait.For(chat.GetResponseAsync(messages, cancellationToken: Token), "the result");
        Assert.Contains(done.Messages.SelectMany(message => message.Contents).OfType<FunctionResultContent>(), content => content.CallId == call.CallId && $"{content.Result}" == result);
        Assert.Contains($"calculate: {result}", done.Messages[^1].Text, StringComparison.Ordinal);
        Assert.Equal(SessionStatus.Completed, (await scripted.SnapshotAsync(waits.ConversationId!)).Status);
    }

    [Fact]
    public async Task A_failure_and_a_cancelled_session_are_exceptions_with_a_code()
    {
        await using var client = await ConnectAsync();
        using var chat = client.AsChatClient("any");
        var fails = new Scene(gateway, Two);
        var failing = Task.Run(() => chat.GetResponseAsync("Tea?", Options(fails), Token), Token);
        (await fails.CallAsync("a")).Say("half ").Throw(new InvalidOperationException("away"));
        Assert.Equal(ErrorCode.ModelError, (await Assert.ThrowsAsync<GatewayClientException>(() => Wait.For(failing, "the failure"))).Code);

        var cancelled = new Scene(gateway, Two);
        var reading = ReadAsync(chat.GetStreamingResponseAsync("Tea?", Options(cancelled), Token));
        await cancelled.CallAsync("a");
        await client.CancelAsync(cancelled.Id, Token);
        Assert.Equal(ClientErrorCode.SessionCancelled, (await Assert.ThrowsAsync<GatewayClientException>(() => Wait.For(reading, "the end"))).Code);
        using var nothing = client.AsChatClient("nothing");
        Assert.Equal(ErrorCode.UnknownWorkflow, (await Assert.ThrowsAsync<GatewayClientException>(() => nothing.GetResponseAsync("Tea?", cancellationToken: Token))).Code);
        await Assert.ThrowsAsync<ArgumentException>(() => chat.GetResponseAsync([new(ChatRole.System, "Be brief.")], cancellationToken: Token));
    }

    [Fact]
    public async Task A_cancelled_token_leaves_the_session_running()
    {
        var scene = new Scene(gateway, Two);
        await using var client = await ConnectAsync();
        using var leave = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var reading = Task.Run(() => client.AsChatClient("any").GetResponseAsync("Tea?", Options(scene), leave.Token), Token);
        var call = await scene.CallAsync("a");
        await leave.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Wait.For(reading, "the end of the reading"));

        call.Say("half ", "and half.").End();
        (await scene.CallAsync("b")).Say("Final.").End();
        Assert.Equal("Final.", (await Wait.For(client.Session(scene.Id).Completion, "the end of the session")).Output);
    }

    private static ChatOptions Options(Scene scene) => new() { RawRepresentationFactory = _ => scene.Start };

    private static Task<List<ChatResponseUpdate>> ReadAsync(IAsyncEnumerable<ChatResponseUpdate> updates) => Task.Run(async () =>
    {
        var all = new List<ChatResponseUpdate>();
        await foreach (var update in updates) all.Add(update);
        return all;
    });

    private Task<GatewayClient> ConnectAsync(GatewayWire wire = GatewayWire.MessagePack) => GatewayClient.ConnectAsync(gateway.Address, new GatewayClientOptions { Wire = wire }, Token);
}
