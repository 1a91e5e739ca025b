using Gateway.Contracts;
using Gateway.Tests.Engine;
using Gateway.Tests.Infrastructure;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Xunit;
using static Gateway.Tests.Models.FakeOpenAiServer;
using static Gateway.Tests.Models.FakeProvider;

namespace Gateway.Tests.Models;

/// <summary>Sessions whose models are OpenAI-compatible servers that are busy, refuse, or fall silent in each phase.</summary>
public sealed class RetriedSessionTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
    private FakeOpenAiServer _server = null!;
    private ServiceProvider _services = null!;
    private EngineFixture _engine = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await Create();
        _services = Configured.Services(_time, null, [.. Configured.At(_server), ("DefaultModel", "gpt"), ("Models:second:Provider", "openai"), ("Models:second:Endpoint", _server.Endpoint), ("Models:second:Model", "fake-2"), ("Models:second:ApiKey", "k")]);
        _engine = new EngineFixture(catalog: _services.Catalog(), time: _time);
    }

    public async ValueTask DisposeAsync()
    {
        await _engine.DisposeAsync();
        await _services.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task A_429_is_retried_after_what_the_server_asks_for_and_each_try_is_one_request()
    {
        _server.Answers(Busy("30"));
        _server.Answers(Refuse(503, "{}"));
        _server.Answers(Text("Tea"), Finish(), Done());
        await Start(PolicyFlow.Retry());
        await Attempt(2);
        Assert.Single(_server.Calls);
        _time.Advance(TimeSpan.FromSeconds(29));
        await _engine.Snapshot();
        Assert.Single(_server.Calls);
        _time.Advance(TimeSpan.FromSeconds(2));
        await Attempt(3);
        Assert.Equal(2, _server.Calls.Count);
        _time.Advance(TimeSpan.FromSeconds(21));
        Assert.Equal("Tea", (await _engine.End()).Output);
        Assert.Equal(3, _server.Calls.Count);
    }

    [Fact]
    public async Task A_wrong_key_is_not_retried_and_the_next_model_is_asked()
    {
        _server.Answers(Refuse(401, "{}"));
        _server.Answers(Text("Tea"), Finish(), Usage(3, 2), Done());
        await Start(PolicyFlow.Retry(), null, "second");
        Assert.Equal("Tea", (await _engine.End()).Output);
        Assert.Equal(["fake-1", "fake-2"], _server.Calls.Select(call => call.Body.GetProperty("model").GetString()));
    }

    [Fact]
    public async Task A_server_that_says_nothing_is_given_up_for_the_next()
    {
        var gate = new TaskCompletionSource();
        _server.Answers(Stall(gate.Task));
        _server.Answers(Text("Tea"), Finish(), Done());
        await Start(null, new TimeoutPolicy { FirstToken = "20s" }, "second");
        var silent = await _server.NextCall();
        await PassTime(() => _server.Calls.Count == 2);
        Assert.Equal("Tea", (await _engine.End()).Output);
        await Wait.For(silent.Cancelled, "the end of the silent request");
    }

    [Fact]
    public async Task A_server_that_only_keeps_the_line_open_is_given_up_too()
    {
        var gate = new TaskCompletionSource();
        _server.Answers(Raw(": ping\n\n"), Stall(gate.Task));
        _server.Answers(Text("Tea"), Finish(), Done());
        await Start(null, new TimeoutPolicy { FirstToken = "20s" }, "second");
        await _server.NextCall();
        await PassTime(() => _server.Calls.Count == 2);
        Assert.Equal("Tea", (await _engine.End()).Output);
    }

    [Fact]
    public async Task A_server_that_falls_silent_in_mid_answer_is_asked_anew_where_the_workflow_says_so()
    {
        var gate = new TaskCompletionSource();
        _server.Answers(Text("Te"), Stall(gate.Task));
        _server.Answers(Text("Tea"), Finish(), Done());
        await Start(PolicyFlow.Retry(backoff: "0", restart: true), new TimeoutPolicy { Idle = "10s" });
        await _engine.Chunk("Te");
        await PassTime(() => _server.Calls.Count == 2);
        Assert.Equal("Tea", (await _engine.End()).Output);
        Assert.Contains("error a node_timeout", _engine.Story());
    }

    [Fact]
    public async Task An_answer_that_never_ends_ends_with_the_total()
    {
        var gate = new TaskCompletionSource();
        _server.Answers(Text("Te"), Text("a"), Stall(gate.Task));
        await Start(null, new TimeoutPolicy { Total = "90s" });
        var call = await _server.NextCall();
        await _engine.Chunk("a");
        _time.Advance(TimeSpan.FromSeconds(91));
        Assert.Equal(SessionStatus.Failed, (await _engine.End()).Status);
        await Wait.For(call.Cancelled, "the end of the request");
    }

    [Fact]
    public async Task Without_a_retry_the_client_tries_briefly_by_itself()
    {
        _server.Answers(Busy("1"));
        _server.Answers(Text("Tea"), Finish(), Done());
        await Start(null);
        await _server.NextCall();
        await PassTime(() => _server.Calls.Count == 2);
        Assert.Equal("Tea", (await _engine.End()).Output);
        Assert.Null((await _engine.Snapshot()).Nodes["a"].Attempt);
    }

    private static FakeStep Busy(string after) => call =>
    {
        call.Response.Headers.RetryAfter = after;
        return Refuse(429, "{}")(call);
    };

    // A clock of the call may be set a moment after the test has seen what comes before it.
    private Task PassTime(Func<bool> isOver) => Wait.Until(
        () =>
        {
            if (!isOver()) _time.Advance(TimeSpan.FromSeconds(1));
            return isOver();
        },
        "the next request");

    private Task Start(RetryPolicy? retry, TimeoutPolicy? timeout = null, params string[] fallback)
    {
        var quick = PolicyFlow.Quick(retry, timeout, fallback);
        return _engine.Start(quick with { Agents = new Dictionary<string, AgentDefinition> { ["a"] = new() { Model = "gpt" } } });
    }

    private Task<SessionEvent> Attempt(int attempt) => _engine.Published.Seen(e => e is SessionEvent<NodeStateChange> { Data: var data } && data.NodeId == "a" && data.Attempt == attempt, $"attempt {attempt}");
}
