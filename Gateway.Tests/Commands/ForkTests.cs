using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Gateway.Contracts;
using Gateway.Log;
using Gateway.Models;
using Gateway.Tests.Crash;
using Gateway.Tests.Infrastructure;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Gateway.Tests.Commands;

/// <summary>Forks and retries over HTTP, with a real store.</summary>
public sealed class ForkTests : IAsyncLifetime
{
    private const string Flow = """{"id":"t","agents":{"a":{"model":"a"},"b":{"model":"b"}},"nodes":{"start":{"type":"start","next":"x"},"x":{"type":"agent","agent":"a","next":"y"},"y":{"type":"agent","agent":"b","next":"end"},"end":{"type":"end"} } }""";
    private readonly GatedModels _models = new();
    private GatewayFixture _gateway = null!;
    private HttpClient _http = null!;

    public async ValueTask InitializeAsync()
    {
        _gateway = await CustomFixture.StartAsync(services: services => services.AddSingleton<IModelCatalog>(_models));
        _http = _gateway.CreateClient();
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _gateway.DisposeAsync();
    }

    [Fact]
    public async Task A_fork_shares_what_was_said_and_goes_on_differently()
    {
        await StartAsync("first");
        (await _models["a"].NextCall()).Say("from a").End();
        (await _models["b"].NextCall()).Say("old").End();
        var events = await EndAsync("first");
        var cut = events.First(e => e is SessionEvent<NodeStateChange> { Data: { NodeId: "x", Status: NodeStatus.Completed } }).Seq;

        var (status, ack) = await PostAsync("first", "fork", $$$"""{"after_seq":{{{cut}}},"session_id":"second","edits":{"agents":{"b":{"instructions":"Be brief."} } } }""");
        Assert.Equal(HttpStatusCode.Created, status);
        Assert.Equal("second", ack.GetProperty("session_id").GetString());
        var call = await _models["b"].NextCall();
        Assert.Equal("Be brief.", call.Messages[0].Text);
        Assert.Contains("from a", call.Messages[^1].Text, StringComparison.Ordinal);
        call.Say("new").End();
        var forked = await EndAsync("second");
        Assert.Equal(1, _models["a"].Calls);
        Assert.Equal(events.Take((int)cut).Select(e => (e.Seq, e.Timestamp, e.Event, e.NodeId)), forked.Take((int)cut).Select(e => (e.Seq, e.Timestamp, e.Event, e.NodeId)));
        Assert.All(forked, e => Assert.Equal("second", e.SessionId));
        var snapshot = await SnapshotAsync("second");
        Assert.Equal(("first", cut, "new", "from a"), (snapshot.ForkedFrom!.SessionId, snapshot.ForkedFrom.Seq, snapshot.Output, snapshot.Nodes["x"].Text));
        Assert.Equal("old", (await SnapshotAsync("first")).Output);

        // The same again is a no-op, and something else with its id is refused.
        Assert.Equal(HttpStatusCode.Created, (await PostAsync("first", "fork", $$$"""{"after_seq":{{{cut}}},"session_id":"second","edits":{"agents":{"b":{"instructions":"Be brief."} } } }""")).Status);
        var (again, refusal) = await PostAsync("first", "fork", $$"""{"after_seq":{{cut}},"session_id":"second"}""");
        Assert.Equal((HttpStatusCode.Conflict, ErrorCode.SessionExists), (again, refusal.GetProperty("code").GetString()));
        Assert.Equal(2, _models["b"].Calls);
    }

    [Fact]
    public async Task What_was_under_way_begins_again_as_a_new_attempt()
    {
        await StartAsync("runs");
        var call = await _models["a"].NextCall();
        call.Say("half a sentence");
        await using (var raw = await Watching.RawAsync(_gateway, "runs")) await raw.UntilAsync<TokenStream>();
        await PostAsync("runs", "fork", """{"session_id":"forked","input":"Another question"}""");
        var again = await _models["a"].NextCall();
        Assert.Contains("Another question", again.Messages[^1].Text, StringComparison.Ordinal);
        again.Say("whole").End();
        (await _models["b"].NextCall()).Say("done").End();
        var snapshot = (await EndAsync("forked"), await SnapshotAsync("forked")).Item2;
        Assert.Equal((2, "whole"), (snapshot.Nodes["x"].Attempt, snapshot.Nodes["x"].Text));
        Assert.Equal(SessionStatus.Running, (await SnapshotAsync("runs")).Status);
        call.End();
    }

    [Fact]
    public async Task The_same_fork_of_a_session_that_has_gone_on_meanwhile_is_a_no_op()
    {
        await StartAsync("runs");
        var call = await _models["a"].NextCall();
        Assert.Equal(HttpStatusCode.Created, (await PostAsync("runs", "fork", """{"session_id":"forked"}""")).Status);
        var again = await _models["a"].NextCall();
        call.Say("half a sentence");
        await using (var raw = await Watching.RawAsync(_gateway, "runs")) await raw.UntilAsync<TokenStream>();

        Assert.Equal(HttpStatusCode.Created, (await PostAsync("runs", "fork", """{"session_id":"forked"}""")).Status);
        Assert.Equal(2, _models["a"].Calls);
        call.End();
        again.End();
    }

    [Fact]
    public async Task A_failed_session_is_tried_again_from_its_failure()
    {
        await StartAsync("fails");
        (await _models["a"].NextCall()).Say("from a").End();
        (await _models["b"].NextCall()).Throw(new InvalidOperationException("away"));
        await EndAsync("fails");
        Assert.Equal(HttpStatusCode.Created, (await PostAsync("fails", "retry", """{"session_id":"again"}""")).Status);
        (await _models["b"].NextCall()).Say("now").End();
        await EndAsync("again");
        var snapshot = await SnapshotAsync("again");
        Assert.Equal((SessionStatus.Completed, "now", 2, "fails"), (snapshot.Status, snapshot.Output, snapshot.Nodes["y"].Attempt, snapshot.ForkedFrom!.SessionId));
        Assert.Equal(1, _models["a"].Calls);
        var (status, refusal) = await PostAsync("again", "retry", "{}");
        Assert.Equal((HttpStatusCode.Conflict, ErrorCode.SessionNotFailed), (status, refusal.GetProperty("code").GetString()));
    }

    [Theory]
    [InlineData("""{"after_seq":-1}""", ErrorCode.SeqOutOfRange, "can be forked after its events 0 to")]
    [InlineData("""{"after_seq":100000}""", ErrorCode.SeqOutOfRange, "before its end")]
    [InlineData("""{"session_id":"no good"}""", ErrorCode.InvalidSessionId, "A session id has 1 to 64")]
    [InlineData("""{"edits":{"agents":{"c":{}}}}""", ErrorCode.InvalidWorkflow, "edits.agents.c: There is no such agent")]
    [InlineData("""{"edits":{"nodes":{"x":{"prompt":"Other"}}}}""", ErrorCode.InvalidWorkflow, "edits.nodes.x: The node has finished")]
    [InlineData("""{"after_seq":8,"edits":{"nodes":{"y":{"prompt":"{{ nodes.z.text }}"}}}}""", ErrorCode.InvalidWorkflow, "nodes.y.prompt")]
    [InlineData("""{"after_seq":8,"edits":{"nodes":{"y":{"with":{"schema":{}}}}}}""", ErrorCode.InvalidWorkflow, "nodes.y.with.schema")]
    [InlineData("""{"edits":{"agents":{"b":{"model":"missing"}}}}""", ErrorCode.ModelNotConfigured, "missing")]
    [InlineData("""{"input":5}""", ErrorCode.InvalidData, "'input' is a string or an object")]
    [InlineData("""{"source_session_id":"other"}""", ErrorCode.InvalidData, "'source_session_id' differs from the session in the address")]
    [InlineData("""{"seq":5""", ErrorCode.InvalidData, "body")]
    public async Task A_fork_that_cannot_be_is_refused_and_leaves_nothing(string body, string code, string reason)
    {
        await StartAsync("source");
        (await _models["a"].NextCall()).Say("from a").End();
        (await _models["b"].NextCall()).Say("from b").End();
        await EndAsync("source");
        var (_, refusal) = await PostAsync("source", "fork", body);
        Assert.Equal(code, refusal.GetProperty("code").GetString());
        Assert.Contains(reason, refusal.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Single((await _gateway.Services.GetRequiredService<ISessionLog>().ListAsync(new SessionQuery(null, null, 10), CancellationToken.None)).Sessions);
    }

    private async Task StartAsync(string id)
    {
        var body = $$"""{"workflow":{{Flow}},"subject":"Tea?","session_id":"{{id}}"}""";
        var started = await _http.PostAsync(new Uri("/api/v1/sessions", UriKind.Relative), Json(body), TestContext.Current.CancellationToken);
        Assert.True(started.IsSuccessStatusCode, await started.Content.ReadAsStringAsync());
    }

    private async Task<(HttpStatusCode Status, JsonElement Body)> PostAsync(string id, string what, string body)
    {
        var answer = await _http.PostAsync(new Uri($"/api/v1/sessions/{id}/{what}", UriKind.Relative), Json(body), TestContext.Current.CancellationToken);
        return (answer.StatusCode, await answer.Content.ReadFromJsonAsync<JsonElement>());
    }

    private async Task<SessionSnapshot> SnapshotAsync(string id) =>
        JsonSerializer.Deserialize(await _http.GetStringAsync(new Uri($"/api/v1/sessions/{id}", UriKind.Relative), TestContext.Current.CancellationToken), ContractsJson.Wire.SessionSnapshot)!;

    private async Task<List<SessionEvent>> EndAsync(string id)
    {
        await using (var raw = await Watching.RawAsync(_gateway, id)) await raw.UntilAsync<ExecutionCompleted>();
        return [.. (await _gateway.Services.GetRequiredService<ISessionLog>().ReadAsync(id, 0, 10_000, CancellationToken.None)).Select(logged => logged.Event)];
    }

    private static StringContent Json(string body) => new(body, System.Text.Encoding.UTF8, "application/json");
}
