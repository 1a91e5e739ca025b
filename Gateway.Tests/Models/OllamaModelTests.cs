using Gateway.Models;
using Gateway.Tests.Infrastructure;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Xunit;
using static Gateway.Tests.Models.FakeOllamaServer;

namespace Gateway.Tests.Models;

public sealed class OllamaModelTests : IAsyncLifetime
{
    private FakeOllamaServer _server = null!;
    private ServiceProvider _services = null!;

    private IChatClient Client => _services.Catalog().Get("local").Client;

    public async ValueTask InitializeAsync()
    {
        _server = await Create();
        _services = Configured.Services(new ImpatientTimeProvider(), null, Configured.At(_server));
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Text_thinking_and_usage_arrive()
    {
        _server.Answers(Thinking("Let me "), Thinking("think."), Text("Hel"), Text("lo"), Done(12, 34));

        var said = await Said.By(Client, "Is it so?", "You are brief.");

        Assert.Equal("Let me think.", said.Thinking);
        Assert.Equal(["Hel", "lo"], said.Pieces);
        Assert.Equal(12, said.Usage?.InputTokenCount);
        Assert.Equal(34, said.Usage?.OutputTokenCount);
        Assert.Equal(ChatFinishReason.Stop, said.Finish);
        var call = Assert.Single(_server.Calls);
        Assert.Equal("fake-1", call.Body.GetProperty("model").GetString());
        Assert.True(call.Body.GetProperty("stream").GetBoolean());
        Assert.Equal(["system", "user"], call.Body.GetProperty("messages").EnumerateArray().Select(m => m.GetProperty("role").GetString()));
        Assert.Null(call.Authorization);
    }

    [Fact]
    public async Task A_key_is_sent_where_one_is_set()
    {
        _server.Answers(Text("yes"), Done(1, 1));
        await using var services = Configured.Services(Configured.At(_server, Configured.Key));

        await Said.By(services.Catalog().Get("local").Client);

        Assert.Equal($"Bearer {Configured.Key}", Assert.Single(_server.Calls).Authorization);
    }

    [Fact]
    public async Task A_model_that_is_not_pulled_is_told_in_ollamas_words()
    {
        _server.Answers(FakeProvider.Refuse(404, """{"error":"model \"fake-1\" not found, try pulling it first"}"""));

        var failure = await Assert.ThrowsAsync<ModelException>(() => Said.By(Client));

        Assert.StartsWith("The model \"local\" answered 404 Not Found: model \"fake-1\" not found, try pulling it first. Check Gateway:Models:local:Model", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_error_in_mid_stream_keeps_the_text_before_it()
    {
        _server.Answers(Text("Hello"), Error("an error was encountered while running the model"));
        var said = new Said();

        var failure = await Assert.ThrowsAsync<ModelException>(() => said.HearAll(Client));

        Assert.Equal("Hello", said.Text);
        Assert.Equal("The model \"local\" broke off its answer: an error was encountered while running the model.", failure.Message);
    }

    [Fact]
    public async Task A_line_that_cannot_be_read_is_told()
    {
        _server.Answers(Text("Hello"), Line("{\"message\":"));

        var failure = await Assert.ThrowsAsync<ModelException>(() => new Said().HearAll(Client));

        Assert.Equal("The model \"local\" sent something that cannot be read; check that Gateway:Models:local:Endpoint speaks the API of its provider.", failure.Message);
    }

    [Fact]
    public async Task A_connection_lost_in_mid_stream_is_told()
    {
        var gate = new TaskCompletionSource();
        _server.Answers(Text("Hello"), FakeProvider.Stall(gate.Task), FakeProvider.Drop());
        var said = new Said();

        var hearing = said.HearAll(Client);
        // A cut connection takes with it what the client has not read yet.
        await Wait.For(said.Begun, "the first piece");
        gate.SetResult();
        var failure = await Assert.ThrowsAsync<ModelException>(() => hearing);

        Assert.Equal("The model \"local\" broke off: the connection to its provider was lost in mid-answer; try again.", failure.Message);
    }

    [Fact]
    public async Task A_refused_connection_names_the_address_and_the_setting()
    {
        var address = _server.Address;
        await _server.DisposeAsync();

        var failure = await Assert.ThrowsAsync<ModelException>(() => Said.By(Client));

        Assert.Equal($"The model \"local\" cannot be reached at {address}/; check that the server runs and that Gateway:Models:local:Endpoint is its address.", failure.Message);
    }

    [Fact]
    public async Task Cancellation_reaches_a_server_that_has_fallen_silent()
    {
        _server.Answers(Text("one"), FakeProvider.Stall(new TaskCompletionSource().Task));
        using var cancel = new CancellationTokenSource();

        var said = new Said();
        var hearing = said.Hear(Client, [new(ChatRole.User, "hi")], cancel.Token);
        var call = await _server.NextCall();
        await Wait.For(said.Begun, "the first piece");
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Wait.For(hearing, "the cancelled answer to end"));
        await Wait.For(call.Cancelled, "the server to see the cancellation");
    }

    [Fact]
    public async Task An_answer_that_just_stops_is_not_taken_for_a_whole_one()
    {
        _server.Answers(Text("Half a sent"));
        var said = new Said();

        var failure = await Assert.ThrowsAsync<ModelException>(() => said.HearAll(Client));

        Assert.Equal("Half a sent", said.Text);
        Assert.Equal("The model \"local\" broke off: the connection to its provider was lost in mid-answer; try again.", failure.Message);
    }

    [Fact]
    public async Task A_cancelled_answer_is_never_taken_for_a_whole_one()
    {
        _server.Answers(Text("one"), Text("two"), Done(1, 2));
        using var cancel = new CancellationTokenSource();
        await using var updates = Client.GetStreamingResponseAsync("hi", cancellationToken: cancel.Token).GetAsyncEnumerator(cancel.Token);
        Assert.True(await Wait.For(updates.MoveNextAsync().AsTask(), "the first piece"));

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            while (await Wait.For(updates.MoveNextAsync().AsTask(), "the end of the answer"))
            {
            }
        });
    }
}
