using System.Net;
using Gateway.Contracts;
using Gateway.Log.Memory;
using Gateway.Telemetry;
using Gateway.Tests.Infrastructure;
using Gateway.Tests.Log;
using Gateway.Webhooks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Gateway.Tests.Webhooks;

/// <summary>One endpoint, a real server that it posts to, a log in memory, and a clock that the test moves.</summary>
public sealed class WebhookEndpointTests : IAsyncLifetime
{
    private const string OneSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private const string OtherSecret = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

    private readonly MemorySessionLog _memory = new();
    private readonly WatchedClock _clock = new();
    private readonly TestLog _logged = new();
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().AddSingleton<GatewayMetrics>().BuildServiceProvider();
    private readonly List<WebhookEndpoint> _endpoints = [];
    private readonly ILoggerFactory _loggers;
    private Receiver _receiver = null!;
    private string? _networks = "127.0.0.0/8";
    private WebhookEndpoint _endpoint = null!;

    public WebhookEndpointTests() => _loggers = LoggerFactory.Create(logging => logging.AddProvider(_logged));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        // The package that verifies has no clock but the real one.
        _clock.SetUtcNow(TimeProvider.System.GetUtcNow());
        _receiver = await Receiver.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var endpoint in _endpoints) await Wait.For(endpoint.DisposeAsync().AsTask(), "the end of an endpoint");
        await _receiver.DisposeAsync();
        await _services.DisposeAsync();
        _loggers.Dispose();
        _logged.Check();
    }

    [Fact]
    public async Task What_a_session_asks_and_how_it_ends_is_told_in_order_with_ids_and_no_words()
    {
        await StartAsync();
        await AskAsync("s-1", 0, "one");
        _endpoint.Note("s-1");
        var opened = await _receiver.NextAsync();
        await AppendAsync("s-1", 2, [Sample.Token("s-1", 3), Asked("s-1", 4, "two"), Sample.End("s-1", 5)], SessionStatus.Completed);
        _endpoint.Note("s-1");
        var second = await _receiver.NextAsync();
        var ended = await _receiver.NextAsync();

        Assert.Equal($$$"""{"type":"prompt.opened","timestamp":"{{{Sample.Start.AddTicks(2):O}}}","data":{"session_id":"s-1","workflow_id":"debate","seq":2,"node_id":"one","prompt_id":"one"}}""", opened.Body);
        Assert.Equal((WebhookTypes.PromptOpened, 4L), (second.Type, second.Seq));
        Assert.Equal($$$"""{"type":"session.completed","timestamp":"{{{Sample.Start.AddTicks(5):O}}}","data":{"session_id":"s-1","workflow_id":"debate","seq":5}}""", ended.Body);
        Assert.Equal(3, new HashSet<string> { opened.Id, second.Id, ended.Id }.Count);
        Assert.All([opened, second, ended], delivery => Assert.Matches("^msg_[0-9a-f]{32}$", delivery.Id));
        Assert.Equal("application/json", ended.Headers.ContentType);
        await NothingMoreAsync();
    }

    [Fact]
    public async Task Each_secret_verifies_until_it_is_taken_away()
    {
        await StartAsync(options => options.Secrets = [OneSecret, OtherSecret]);
        await EndAsync("both");
        var both = await _receiver.NextAsync();
        Assert.Equal((true, true), (both.IsSignedWith(OneSecret), both.IsSignedWith(OtherSecret)));

        await RestartAsync(options => options.Secrets = [OtherSecret]);
        await EndAsync("rest");
        var rest = await _receiver.NextAsync();
        Assert.Equal((false, true), (rest.IsSignedWith(OneSecret), rest.IsSignedWith(OtherSecret)));
    }

    [Fact]
    public async Task What_is_not_taken_is_sent_again_as_it_was_and_holds_up_its_session_alone()
    {
        var refusals = 2;
        _receiver.Answer = (delivery, context) => Receiver.Status(context, delivery is { SessionId: "bad", Seq: 2 } && refusals-- > 0 ? HttpStatusCode.InternalServerError : HttpStatusCode.OK);
        await StartAsync();
        await AskAsync("bad", 0, "one");
        await AppendAsync("bad", 2, [Sample.End("bad", 3)], SessionStatus.Completed);
        _endpoint.Note("bad");
        var first = await _receiver.NextAsync();
        await EndAsync("good");
        Assert.Equal("good", (await _receiver.NextAsync()).SessionId);

        foreach (var wait in (TimeSpan[])[TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(5)])
        {
            Assert.False(_receiver.HasMore);
            await Wait.For(_clock.PassAsync(wait, Token), "the wait");
            var again = await _receiver.NextAsync();
            Assert.Equal((first.Id, first.Body), (again.Id, again.Body));
            Assert.NotEqual(first.Timestamp, again.Timestamp);
        }

        Assert.Equal(("bad", 3L), Names(await _receiver.NextAsync()));
        await NothingMoreAsync();
    }

    [Fact]
    public async Task What_the_endpoint_asks_for_is_waited_for()
    {
        var refusals = 1;
        _receiver.Answer = (_, context) =>
        {
            if (refusals-- <= 0) return Task.CompletedTask;
            context.Response.Headers.RetryAfter = "3600";
            return Receiver.Status(context, HttpStatusCode.TooManyRequests);
        };
        await StartAsync();
        await EndAsync("s-1");
        var first = await _receiver.NextAsync();

        await Wait.For(_clock.PassAsync(TimeSpan.FromHours(1), Token), "the wait");

        Assert.Equal(first.Id, (await _receiver.NextAsync()).Id);
        await NothingMoreAsync();
    }

    [Fact]
    public async Task What_is_given_up_is_a_dead_letter_and_is_delivered_when_that_is_asked_for()
    {
        _logged.Announce(WebhooksEvents.GivenUp);
        _receiver.Answer = (delivery, context) => Receiver.Status(context, delivery.Seq == 2 ? HttpStatusCode.BadRequest : HttpStatusCode.OK);
        await StartAsync(options => options.MaxTries = 2);
        await AskAsync("s-1", 0, "one");
        await AppendAsync("s-1", 2, [Sample.End("s-1", 3)], SessionStatus.Completed);
        _endpoint.Note("s-1");
        var first = await _receiver.NextAsync();
        await Wait.For(_clock.PassAsync(TimeSpan.FromSeconds(5), Token), "the wait");
        await _receiver.NextAsync();
        Assert.Equal(("s-1", 3L), Names(await _receiver.NextAsync()));

        var letter = Assert.Single(await _endpoint.ListDeadLettersAsync(0, 10, Token));
        Assert.Equal((first.Id, "s-1", 2L, WebhookTypes.PromptOpened, 2, "It has answered 400."), (letter.Id, letter.SessionId, letter.Seq, letter.Kind, letter.Tries, letter.Reason));
        Assert.Equal(1, (await _endpoint.DescribeAsync(Token)).DeadLetters);

        Assert.Equal(new WebhookRedelivery { Taken = 0, Left = 1, Problem = "It has answered 400." }, await _endpoint.RedeliverAsync(null, 10, Token));
        Assert.Equal(first.Id, (await _receiver.NextAsync()).Id);
        Assert.Equal(3, Assert.Single(await _endpoint.ListDeadLettersAsync(0, 10, Token)).Tries);

        _receiver.Answer = (_, _) => Task.CompletedTask;
        Assert.Null(await _endpoint.RedeliverAsync("msg_other", 10, Token));
        Assert.Equal(new WebhookRedelivery { Taken = 1, Left = 0 }, await _endpoint.RedeliverAsync(first.Id, 10, Token));
        var last = await _receiver.NextAsync();
        Assert.Equal((first.Id, first.Body), (last.Id, last.Body));
        await NothingMoreAsync();
    }

    [Fact]
    public async Task An_endpoint_that_is_gone_is_sent_nothing_until_it_is_enabled_and_then_all_it_has_missed()
    {
        _logged.Announce(WebhooksEvents.Halted);
        _receiver.Answer = (_, context) => Receiver.Status(context, HttpStatusCode.Gone);
        await StartAsync();
        await EndAsync("s-1");
        var first = await _receiver.NextAsync();
        await Wait.Until(() => _memory.FindHaltAsync("webhook:test", Token).Result is not null, "the note of the halt");
        await EndAsync("s-2");

        await RestartAsync();
        await EndAsync("s-3");
        var halted = await _endpoint.DescribeAsync(Token);
        Assert.Equal((WebhookState.Halted, 0), (halted.State, halted.DeadLetters));
        Assert.False(_receiver.HasMore);

        _receiver.Answer = (_, _) => Task.CompletedTask;
        await _endpoint.EnableAsync(Token);
        var told = new[] { await _receiver.NextAsync(), await _receiver.NextAsync(), await _receiver.NextAsync() };
        Assert.Equal(["s-1", "s-2", "s-3"], told.Select(delivery => delivery.SessionId).Order());
        Assert.Contains(told, delivery => delivery.Id == first.Id);
        Assert.Equal(WebhookState.Active, (await _endpoint.DescribeAsync(Token)).State);
        await NothingMoreAsync();
    }

    [Fact]
    public async Task Another_address_is_another_endpoint_and_goes_on_at_once()
    {
        _logged.Announce(WebhooksEvents.Halted);
        _receiver.Answer = (_, context) => Receiver.Status(context, HttpStatusCode.Gone);
        await StartAsync();
        await EndAsync("s-1");
        await _receiver.NextAsync();
        await Wait.Until(() => _memory.FindHaltAsync("webhook:test", Token).Result is not null, "the note of the halt");

        _receiver.Answer = (_, _) => Task.CompletedTask;
        await RestartAsync(options => options.Url += "?new");

        Assert.Equal("s-1", (await _receiver.NextAsync()).SessionId);
        await NothingMoreAsync();
    }

    [Fact]
    public async Task Only_what_is_wanted_is_told_and_the_rest_is_done_with()
    {
        await StartAsync(options => (options.Events, options.Workflows) = ([WebhookTypes.SessionFailed], ["mine"]));
        await FailAsync("other", "debate");
        await AskAsync("asks", 0, "one", "mine");
        _endpoint.Note("asks");
        await AppendAsync("asks", 2, [Sample.End("asks", 3)], SessionStatus.Completed);
        _endpoint.Note("asks");
        await FailAsync("fails", "mine");

        var told = await _receiver.NextAsync();
        Assert.Equal((WebhookTypes.SessionFailed, "fails", "mine"), (told.Type, told.SessionId, told.Data.GetProperty("workflow_id").GetString()));

        await Wait.Until(() => _memory.ListBehindAsync("webhook:test", 0, 10, Token).Result.Count == 0, "all cursors at their ends");
        Assert.False(_receiver.HasMore);
    }

    [Fact]
    public async Task A_cancelled_session_is_not_told_of()
    {
        await StartAsync();
        await _memory.CreateAsync(Sample.Header("s-1"), Token);
        var end = Sample.End("s-1", 1);
        await AppendAsync("s-1", 0, [end with { Data = end.Data with { Status = SessionStatus.Cancelled } }], SessionStatus.Cancelled);
        _endpoint.Note("s-1");

        await NothingMoreAsync();
    }

    [Fact]
    public async Task A_prompt_that_is_shown_again_was_opened_before_and_its_expiry_is_told()
    {
        await StartAsync();
        await AskAsync("s-1", 0, "one");
        _endpoint.Note("s-1");
        var opened = await _receiver.NextAsync();

        // A pause and a reminder, for a process that has not seen the beginning.
        await Wait.Until(() => _memory.ListBehindAsync("webhook:test", 0, 10, Token).Result.Count == 0, "the note of what was taken");
        await RestartAsync();
        await AppendAsync("s-1", 2, [Sample.State("s-1", 3, "one", NodeStatus.Running), Asked("s-1", 4, "one"), Asked("s-1", 5, "one"), Sample.State("s-1", 6, "one", NodeStatus.Running), Expired("s-1", 7, "one"), Sample.State("s-1", 8, "one", NodeStatus.Failed)], SessionStatus.Running);
        _endpoint.Note("s-1");
        var expired = await _receiver.NextAsync();
        Assert.Equal((WebhookTypes.PromptExpired, 7L, "one", "one"), (expired.Type, expired.Seq, expired.Data.GetProperty("node_id").GetString(), expired.Data.GetProperty("prompt_id").GetString()));

        // Another try asks the same under the same name.
        await AppendAsync("s-1", 8, [Asked("s-1", 9, "one")], SessionStatus.Running);
        _endpoint.Note("s-1");
        var again = await _receiver.NextAsync();
        Assert.Equal((WebhookTypes.PromptOpened, 9L), (again.Type, again.Seq));
        Assert.NotEqual(opened.Id, again.Id);
        await NothingMoreAsync();
    }

    [Fact]
    public async Task Of_a_fork_only_what_is_its_own_is_told()
    {
        await StartAsync();
        await _memory.CreateAsync(Sample.Header("fork") with { ForkedFrom = new SessionOrigin { SessionId = "s-1", Seq = 2 } }, Token);
        await AppendAsync("fork", 0, [Sample.Token("fork", 1), Asked("fork", 2, "one"), Asked("fork", 3, "one"), Sample.End("fork", 4)], SessionStatus.Completed);
        _endpoint.Note("fork");

        Assert.Equal((WebhookTypes.PromptOpened, 3L), Tells(await _receiver.NextAsync()));
        Assert.Equal((WebhookTypes.SessionCompleted, 4L), Tells(await _receiver.NextAsync()));
        await NothingMoreAsync();
    }

    [Fact]
    public async Task A_session_that_is_started_again_under_its_id_is_another()
    {
        await StartAsync();
        await EndAsync("s-1");
        var first = await _receiver.NextAsync();
        await NothingMoreAsync();
        await _memory.DeleteAsync("s-1", Token);
        _endpoint.Forget("s-1");

        await _memory.CreateAsync(Sample.Header("s-1") with { CreatedAt = Sample.Start.AddDays(1) }, Token);
        await AppendAsync("s-1", 0, [Sample.End("s-1", 1)], SessionStatus.Completed);
        _endpoint.Note("s-1");

        Assert.NotEqual(first.Id, (await _receiver.NextAsync()).Id);
    }

    [Fact]
    public async Task An_endpoint_that_hangs_is_given_up_in_time_and_asked_again()
    {
        var hangs = true;
        _receiver.Answer = (_, context) => hangs ? Task.Delay(Timeout.Infinite, context.RequestAborted) : Task.CompletedTask;
        await StartAsync(options => options.Timeout = TimeSpan.FromSeconds(7));
        await EndAsync("s-1");
        var first = await _receiver.NextAsync();
        hangs = false;

        await Wait.For(_clock.PassAsync(TimeSpan.FromSeconds(7), Token), "the timeout");
        await Wait.For(_clock.PassAsync(TimeSpan.FromSeconds(5), Token), "the wait");

        Assert.Equal(first.Id, (await _receiver.NextAsync()).Id);
        Assert.Equal("It has not answered within 7 s.", (await _endpoint.DescribeAsync(Token)).LastFailure!.Problem);
        await NothingMoreAsync();
    }

    [Fact]
    public async Task An_answer_without_end_is_an_answer()
    {
        var left = new TaskCompletionSource();
        _receiver.Answer = async (delivery, context) =>
        {
            if (delivery.SessionId != "s-1") return;
            try
            {
                var chunk = new byte[16 * 1024];
                while (true) await context.Response.Body.WriteAsync(chunk, context.RequestAborted);
            }
            catch (Exception exception) when (exception is OperationCanceledException or IOException)
            {
                left.TrySetResult();
            }
        };
        await StartAsync();
        await EndAsync("s-1");
        await _receiver.NextAsync();

        // Its connection is ended, and nobody waits for that.
        await Wait.For(left.Task, "the end of the connection");
        await NothingMoreAsync();
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task A_redirect_is_not_followed(int status)
    {
        await using var other = await Receiver.StartAsync();
        _receiver.Answer = (_, context) =>
        {
            context.Response.Headers.Location = other.Url;
            return Receiver.Status(context, (HttpStatusCode)status);
        };
        await StartAsync();
        await EndAsync("s-1");
        await _receiver.NextAsync();

        await Wait.Until(() => _logged.Entries.Any(entry => entry.Id == WebhooksEvents.Failed), "the failure");
        Assert.Equal($"It has answered {status}, and redirects are not followed.", (await _endpoint.DescribeAsync(Token)).LastFailure!.Problem);
        Assert.False(other.HasMore);
    }

    [Fact]
    public async Task A_name_that_leads_to_this_machine_is_not_posted_to()
    {
        _networks = null;
        await StartAsync(options => options.Url = options.Url!.Replace("127.0.0.1", "harmless.example", StringComparison.Ordinal));
        await EndAsync("s-1");

        await Wait.Until(() => _logged.Entries.Any(entry => entry.Id == WebhooksEvents.Failed), "the failure");
        Assert.StartsWith("'harmless.example' leads to 127.0.0.1, where nothing is connected to", (await _endpoint.DescribeAsync(Token)).LastFailure!.Problem, StringComparison.Ordinal);
        Assert.False(_receiver.HasMore);
    }

    [Fact]
    public async Task What_is_under_way_at_the_end_is_sent_after_the_next_start()
    {
        _receiver.Answer = (_, context) => Task.Delay(Timeout.Infinite, context.RequestAborted);
        await StartAsync();
        await EndAsync("s-1");
        var first = await _receiver.NextAsync();
        _receiver.Answer = (_, _) => Task.CompletedTask;

        await RestartAsync();

        Assert.Equal(first.Id, (await _receiver.NextAsync()).Id);
        await NothingMoreAsync();
    }

    [Fact]
    public void The_waits_are_those_of_the_standard_and_a_fifth_longer_at_most()
    {
        var (least, most) = (new WebhookRetries(() => 0), new WebhookRetries(() => 1));
        double[] seconds = [5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400, 86_400];

        for (var tries = 1; tries <= seconds.Length; tries++)
        {
            Assert.Equal(TimeSpan.FromSeconds(seconds[tries - 1]), least.After(tries, null));
            Assert.Equal(TimeSpan.FromSeconds(seconds[tries - 1] * 1.2), most.After(tries, null));
        }

        Assert.Equal(TimeSpan.FromSeconds(5), least.After(1, TimeSpan.FromSeconds(-10)));
        Assert.Equal(TimeSpan.FromSeconds(9), least.After(1, TimeSpan.FromSeconds(9)));
        Assert.Equal(TimeSpan.FromHours(24), least.After(1, TimeSpan.MaxValue));
    }

    private static (string, long) Tells(Delivery delivery) => (delivery.Type, delivery.Seq);

    private static (string, long) Names(Delivery delivery) => (delivery.SessionId, delivery.Seq);

    private static SessionEvent<NodeStateChange> Asked(string sessionId, long seq, string node)
    {
        var change = Sample.State(sessionId, seq, node, NodeStatus.Suspended);
        return change with { Data = change.Data with { Prompt = new Prompt { PromptId = node, Text = "Secret words?" } } };
    }

    private static SessionEvent<ExecutionError> Expired(string sessionId, long seq, string node) => new()
    {
        Seq = seq,
        Timestamp = Sample.Start.AddTicks(seq),
        NodeId = node,
        Data = new ExecutionError { SessionId = sessionId, NodeId = node, Error = "Nobody answered.", Code = ErrorCode.PromptExpired },
    };

    private async Task StartAsync(Action<WebhookEndpointOptions>? change = null)
    {
        var options = new WebhookEndpointOptions { Url = _receiver.Url, Secrets = [OneSecret] };
        change?.Invoke(options);
        var guard = new AddressGuard(Networks.Parse(_networks, out _));
        var connect = new GuardedConnect(guard, (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Loopback]));
        var metrics = new WebhookMetrics(_services.GetRequiredService<GatewayMetrics>());
        _endpoint = new WebhookEndpoint("test", options, 100, WebhookLog.Of(_memory), WebhookHttp.Create(connect, 4), new WebhookRetries(() => 0), metrics, _clock, _loggers);
        _endpoints.Add(_endpoint);
        await _endpoint.StartAsync(Token);
    }

    private async Task RestartAsync(Action<WebhookEndpointOptions>? change = null)
    {
        await Wait.For(_endpoint.DisposeAsync().AsTask(), "the end of the endpoint");
        _endpoints.Remove(_endpoint);
        await StartAsync(change);
    }

    // Another session's message comes behind everything that is under way.
    private async Task NothingMoreAsync()
    {
        var last = $"last-{Guid.NewGuid():N}";
        await EndAsync(last);
        Assert.Equal((last, 1L), Names(await _receiver.NextAsync()));
        await Wait.Until(() => _memory.ListBehindAsync("webhook:test", 0, 10, Token).Result.All(session => session.SessionId != last), "the note of it");
        Assert.False(_receiver.HasMore);
    }

    private async Task AskAsync(string sessionId, long seq, string node, string workflow = "debate")
    {
        await _memory.CreateAsync(Sample.Header(sessionId, workflow), Token);
        await AppendAsync(sessionId, seq, [Sample.Token(sessionId, seq + 1), Asked(sessionId, seq + 2, node)], SessionStatus.Running);
    }

    private async Task EndAsync(string sessionId)
    {
        await _memory.FinishAsync(sessionId, []);
        _endpoint.Note(sessionId);
    }

    private async Task FailAsync(string sessionId, string workflow)
    {
        await _memory.CreateAsync(Sample.Header(sessionId, workflow), Token);
        var end = Sample.End(sessionId, 1);
        await AppendAsync(sessionId, 0, [end with { Data = end.Data with { Status = SessionStatus.Failed } }], SessionStatus.Failed);
        _endpoint.Note(sessionId);
    }

    private Task AppendAsync(string sessionId, long seq, IReadOnlyList<SessionEvent> events, string status) => _memory.AppendAsync(sessionId, seq, events, status, Token);
}
