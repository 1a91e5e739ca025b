using System.Text.Json;
using Gateway.Models;
using Gateway.Tests.Infrastructure;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Xunit;
using static Gateway.Tests.Models.FakeOpenAiServer;
using static Gateway.Tests.Models.FakeProvider;

namespace Gateway.Tests.Models;

public sealed class OpenAIModelTests : IAsyncLifetime
{
    private FakeOpenAiServer _server = null!;
    private ServiceProvider _services = null!;
    private readonly ImpatientTimeProvider _time = new();

    private IChatClient Client => _services.Catalog().Get("gpt").Client;

    public async ValueTask InitializeAsync()
    {
        _server = await Create();
        _services = Configured.Services(_time, null, Configured.At(_server));
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Text_arrives_piece_by_piece()
    {
        _server.Answers(Role(), Text("Hel"), Text("lo"), EmptyDelta(), Text("!"), Finish(), Usage(3, 2), Done());

        var said = await Said.By(Client);

        Assert.Equal(["Hel", "lo", "!"], said.Pieces);
        Assert.Empty(said.Thoughts);
        Assert.Equal(ChatFinishReason.Stop, said.Finish);
    }

    [Fact]
    public async Task A_piece_is_handed_on_before_the_next_one_is_sent()
    {
        var gate = new TaskCompletionSource();
        _server.Answers(Text("first"), Stall(gate.Task), Text(" second"), Finish(), Done());

        var pieces = new List<string>();
        await using var updates = Client.GetStreamingResponseAsync("hi", cancellationToken: TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        while (pieces.Count == 0)
        {
            Assert.True(await Wait.For(updates.MoveNextAsync().AsTask(), "the first piece"));
            if (updates.Current.Text.Length > 0) pieces.Add(updates.Current.Text);
        }
        gate.SetResult();
        while (await Wait.For(updates.MoveNextAsync().AsTask(), "the rest"))
        {
            if (updates.Current.Text.Length > 0) pieces.Add(updates.Current.Text);
        }

        Assert.Equal(["first", " second"], pieces);
    }

    [Fact]
    public async Task The_request_names_the_model_asks_for_a_stream_with_usage_and_carries_the_key()
    {
        _server.Answers(Text("yes"), Finish(), Done());

        await Said.By(Client, "Is it so?", "You are brief.");

        var call = Assert.Single(_server.Calls);
        Assert.Equal($"Bearer {Configured.Key}", call.Authorization);
        Assert.Equal("fake-1", call.Body.GetProperty("model").GetString());
        Assert.True(call.Body.GetProperty("stream").GetBoolean());
        Assert.True(call.Body.GetProperty("stream_options").GetProperty("include_usage").GetBoolean());
        var messages = call.Body.GetProperty("messages");
        Assert.Equal(["system", "user"], messages.EnumerateArray().Select(m => m.GetProperty("role").GetString()));
        Assert.Contains("You are brief.", messages[0].ToString(), StringComparison.Ordinal);
        Assert.Contains("Is it so?", messages[1].ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Usage_comes_from_the_last_chunk()
    {
        _server.Answers(Text("yes"), Finish(), Usage(31, 7), Done());

        var said = await Said.By(Client);

        Assert.Equal(31, said.Usage?.InputTokenCount);
        Assert.Equal(7, said.Usage?.OutputTokenCount);
    }

    [Fact]
    public async Task An_answer_without_usage_is_complete_all_the_same()
    {
        _server.Answers(Text("yes"), Finish(), Done());

        var said = await Said.By(Client);

        Assert.Equal("yes", said.Text);
        Assert.Null(said.Usage);
    }

    [Fact]
    public async Task An_answer_without_the_done_mark_is_complete()
    {
        _server.Answers(Text("yes"), Finish());

        Assert.Equal("yes", (await Said.By(Client)).Text);
    }

    [Fact]
    public async Task Reasoning_content_is_reasoning()
    {
        _server.Answers(Role(), ReasoningContent("Let me "), ReasoningContent("think."), Text("Yes."), Finish(), Done());

        var said = await Said.By(Client);

        Assert.Equal("Let me think.", said.Thinking);
        Assert.Equal("Yes.", said.Text);
    }

    [Fact]
    public async Task Reasoning_under_its_other_name_is_reasoning()
    {
        _server.Answers(Role(), Reasoning("Let me "), Reasoning("think."), Text("Yes."), Finish(), Done());

        var said = await Said.By(Client);

        Assert.Equal("Let me think.", said.Thinking);
        Assert.Equal("Yes.", said.Text);
    }

    [Fact]
    public async Task Reasoning_sent_under_both_names_is_heard_once()
    {
        _server.Answers(BothReasonings("Hmm."), Text("Yes."), Finish(), Done());

        Assert.Equal("Hmm.", (await Said.By(Client)).Thinking);
    }

    [Fact]
    public async Task A_null_reasoning_is_none()
    {
        _server.Answers(
            Data("""{"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"content":"Yes.","reasoning":null,"reasoning_content":null},"finish_reason":null}]}"""),
            Finish(),
            Done());

        var said = await Said.By(Client);

        Assert.Equal("Yes.", said.Text);
        Assert.Empty(said.Thoughts);
    }

    [Fact]
    public async Task A_local_server_needs_no_key()
    {
        _server.Answers(Text("yes"), Finish(), Done());
        await using var services = Configured.Services(Configured.At(_server, key: null));

        Assert.Equal("yes", (await Said.By(services.Catalog().Get("gpt").Client)).Text);
    }

    [Fact]
    public async Task Cancellation_reaches_a_server_that_has_fallen_silent()
    {
        _server.Answers(Text("one"), Stall(new TaskCompletionSource().Task));
        using var cancel = new CancellationTokenSource();

        var said = new Said();
        var hearing = said.Hear(Client, [new(ChatRole.User, "hi")], cancel.Token);
        var call = await _server.NextCall();
        await Wait.For(said.Begun, "the first piece");
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Wait.For(hearing, "the cancelled answer to end"));
        await Wait.For(call.Cancelled, "the server to see the cancellation");
    }

    [Theory]
    [InlineData(401, "Incorrect API key provided", "The model \"gpt\" answered 401 Unauthorized: Incorrect API key provided. Check Gateway:Models:gpt:ApiKey.")]
    [InlineData(404, "The model `fake-1` does not exist", "Gateway:Models:gpt:Model and Gateway:Models:gpt:Endpoint")]
    [InlineData(400, "max_tokens is too large!", "The model \"gpt\" answered 400 Bad Request: max_tokens is too large!")]
    public async Task A_refusal_is_told_once_with_the_providers_words_and_the_way_out(int status, string sentence, string expected)
    {
        _server.Answers(Refuse(status, JsonSerializer.Serialize(new { error = new { message = sentence, type = "x", code = "y" } })));

        var failure = await Assert.ThrowsAsync<ModelException>(() => Said.By(Client));

        Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
        Assert.Contains(sentence, failure.Message, StringComparison.Ordinal);
        Assert.Single(_server.Calls);
    }

    [Theory]
    [InlineData(429, "The model \"gpt\" answered 429 Too Many Requests: Busy. Its provider's limit is reached; wait, or use another model.")]
    [InlineData(500, "The model \"gpt\" answered 500 Internal Server Error: Busy. The trouble is on its provider's side; try again.")]
    [InlineData(503, "The model \"gpt\" answered 503 Service Unavailable: Busy. The trouble is on its provider's side; try again.")]
    public async Task A_passing_failure_is_tried_twice_more_and_then_told(int status, string expected)
    {
        for (var i = 0; i < 3; i++) _server.Answers(Refuse(status, """{"error":{"message":"Busy"}}"""));

        var failure = await Assert.ThrowsAsync<ModelException>(() => Said.By(Client));

        Assert.Equal(expected, failure.Message);
        Assert.Equal(3, _server.Calls.Count);
    }

    [Fact]
    public async Task A_passing_failure_is_not_noticed_when_the_next_try_works()
    {
        _server.Answers(Refuse(503, "{}"));
        _server.Answers(Text("yes"), Finish(), Done());

        Assert.Equal("yes", (await Said.By(Client)).Text);
        Assert.Equal(2, _server.Calls.Count);
    }

    [Fact]
    public async Task A_provider_that_asks_for_an_hour_is_given_ten_seconds()
    {
        _server.Answers(call =>
        {
            call.Response.Headers.RetryAfter = "3600";
            return Refuse(429, "{}")(call);
        });
        _server.Answers(Text("yes"), Finish(), Done());

        Assert.Equal("yes", (await Said.By(Client)).Text);
        Assert.Equal(TimeSpan.FromSeconds(10), Assert.Single(_time.Waits));
    }

    [Fact]
    public async Task A_page_of_html_is_not_quoted()
    {
        _server.Answers(Refuse(404, "<html><body>nginx</body></html>", "text/html"));

        var failure = await Assert.ThrowsAsync<ModelException>(() => Said.By(Client));

        Assert.StartsWith("The model \"gpt\" answered 404 Not Found. Check Gateway:Models:gpt:Model", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("nginx", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_that_is_a_web_page_says_to_check_the_endpoint()
    {
        _server.Answers(Raw("<html><body>Welcome</body></html>"));

        var failure = await Assert.ThrowsAsync<ModelException>(() => Said.By(Client));

        Assert.Equal("The model \"gpt\" ended without a word; check that Gateway:Models:gpt:Endpoint speaks the API of its provider.", failure.Message);
    }

    [Fact]
    public async Task An_error_in_mid_stream_keeps_the_text_before_it()
    {
        _server.Answers(Text("Hello"), Error("The engine ran out of memory"), Done());
        var said = new Said();

        var failure = await Assert.ThrowsAsync<ModelException>(() => said.HearAll(Client));

        Assert.Equal("Hello", said.Text);
        Assert.Equal("The model \"gpt\" broke off its answer: The engine ran out of memory.", failure.Message);
        Assert.Single(_server.Calls);
    }

    [Fact]
    public async Task A_connection_lost_in_mid_stream_is_told_and_not_retried()
    {
        var gate = new TaskCompletionSource();
        _server.Answers(Text("Hello"), Stall(gate.Task), Drop());
        var said = new Said();

        var hearing = said.HearAll(Client);
        // A cut connection takes with it what the client has not read yet.
        await Wait.For(said.Begun, "the first piece");
        gate.SetResult();
        var failure = await Assert.ThrowsAsync<ModelException>(() => hearing);

        Assert.Equal("Hello", said.Text);
        Assert.Equal("The model \"gpt\" broke off: the connection to its provider was lost in mid-answer; try again.", failure.Message);
        Assert.Single(_server.Calls);
    }

    [Theory]
    [InlineData("{\"choices\":[{")]
    [InlineData("not json at all")]
    [InlineData("[1,2,3]")]
    [InlineData("{\"choices\":\"none\"}")]
    [InlineData("{\"id\":7,\"choices\":[{\"index\":\"x\",\"delta\":42}]}")]
    public async Task A_chunk_that_cannot_be_read_is_told(string chunk)
    {
        _server.Answers(Text("Hello"), Data(chunk), Done());
        var said = new Said();

        var failure = await Assert.ThrowsAsync<ModelException>(() => said.HearAll(Client));

        Assert.Equal("Hello", said.Text);
        Assert.Equal("The model \"gpt\" sent something that cannot be read; check that Gateway:Models:gpt:Endpoint speaks the API of its provider.", failure.Message);
    }

    [Fact]
    public async Task A_refused_connection_names_the_address_and_the_setting()
    {
        var endpoint = _server.Endpoint;
        await _server.DisposeAsync();

        var failure = await Assert.ThrowsAsync<ModelException>(() => Said.By(Client));

        Assert.Equal($"The model \"gpt\" cannot be reached at {endpoint}; check that the server runs and that Gateway:Models:gpt:Endpoint is its address.", failure.Message);
    }

    [Fact]
    public async Task A_content_filter_that_leaves_nothing_is_told()
    {
        _server.Answers(Role(), Finish("content_filter"), Done());

        var failure = await Assert.ThrowsAsync<ModelException>(() => Said.By(Client));

        Assert.Equal("The model \"gpt\" said nothing: its provider's content filter stopped the answer.", failure.Message);
    }

    [Fact]
    public async Task A_refusal_by_the_model_is_told_in_its_words()
    {
        _server.Answers(
            Data("""{"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"refusal":"I cannot help with that."},"finish_reason":null}]}"""),
            Finish(),
            Done());

        var failure = await Assert.ThrowsAsync<ModelException>(() => Said.By(Client));

        Assert.Equal("The model \"gpt\" refused: I cannot help with that.", failure.Message);
    }

    [Fact]
    public async Task An_answer_that_just_stops_is_not_taken_for_a_whole_one()
    {
        _server.Answers(Text("Half a sent"));
        var said = new Said();

        var failure = await Assert.ThrowsAsync<ModelException>(() => said.HearAll(Client));

        Assert.Equal("Half a sent", said.Text);
        Assert.Equal("The model \"gpt\" broke off: the connection to its provider was lost in mid-answer; try again.", failure.Message);
    }

    [Fact]
    public async Task An_answer_with_the_done_mark_needs_no_finish_reason()
    {
        _server.Answers(Text("yes"), Done());

        Assert.Equal("yes", (await Said.By(Client)).Text);
    }

    [Fact]
    public async Task A_null_error_is_none()
    {
        _server.Answers(
            Data("""{"id":"c","object":"chat.completion.chunk","created":1,"model":"m","error":null,"choices":[{"index":0,"delta":{"content":"Yes."},"finish_reason":"stop"}]}"""),
            Done());

        Assert.Equal("Yes.", (await Said.By(Client)).Text);
    }

    [Fact]
    public async Task An_error_beside_a_finish_reason_of_its_own_is_told()
    {
        _server.Answers(
            Text("Hello"),
            Data("""{"id":"c","object":"chat.completion.chunk","created":1,"model":"m","error":{"code":"server_error","message":"Provider disconnected"},"choices":[{"index":0,"delta":{"content":""},"finish_reason":"error"}]}"""));
        var said = new Said();

        var failure = await Assert.ThrowsAsync<ModelException>(() => said.HearAll(Client));

        Assert.Equal("Hello", said.Text);
        Assert.Equal("The model \"gpt\" broke off its answer: Provider disconnected.", failure.Message);
    }
}
