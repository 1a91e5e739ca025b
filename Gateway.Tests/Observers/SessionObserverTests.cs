using System.Net.Http.Json;
using System.Threading.Channels;
using Gateway.Contracts;
using Gateway.Log.Memory;
using Gateway.Observers;
using Gateway.Tests.Infrastructure;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Gateway.Tests.Observers;

/// <summary>Observers in a whole gateway.</summary>
public sealed class SessionObserverTests
{
    [Fact]
    public async Task A_host_hears_that_a_session_asks_and_ends_and_after_a_restart_what_it_has_missed()
    {
        using var folder = new TempFolder();
        var settings = new Dictionary<string, string?> { ["Gateway:Storage:Provider"] = "sqlite", ["Gateway:Storage:Path"] = folder.At("log.db") };
        var heard = new Heard();
        await using (var gateway = await StartAsync(settings, services => services.AddSingleton(heard).AddSessionObserver<Listener>("mail")))
        {
            await PostAsync(gateway, "", Starts.Reviewed("s"));
            Assert.Equal("Please read the draft. What should change? Answer \"fine\" if nothing should.", Assert.IsType<SessionAsked>(await heard.NextAsync()).Prompt.Text);
        }

        await using (var gateway = await StartAsync(settings))
        {
            await PostAsync(gateway, "/s/input", new UserInput { Content = "fine", PromptId = "review" });
            await EndedAsync(gateway, "s");
        }

        await using (var gateway = await StartAsync(settings, services => services.AddSingleton(heard).AddSessionObserver<Listener>("mail")))
        {
            var ended = Assert.IsType<SessionEnded>(await heard.NextAsync());
            Assert.Equal(("s", "reviewed-draft", SessionStatus.Completed), (ended.Session.SessionId, ended.Session.WorkflowId, ended.End.Status));
            Assert.Equal(0, heard.Waiting);
        }

        // One was made for each moment, and is gone.
        Assert.Equal((2, 2), (heard.Made, heard.Disposed));
    }

    [Fact]
    public async Task An_observer_that_never_returns_holds_no_session_up()
    {
        var begun = new TaskCompletionSource();
        await using var gateway = await StartAsync(null, services => services.AddSessionObserver("slow", async (_, cancellationToken) =>
        {
            begun.TrySetResult();
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }));

        await PostAsync(gateway, "", Starts.Quick("first"));
        await Wait.For(begun.Task, "the observer");
        for (var i = 0; i < 10; i++)
        {
            await PostAsync(gateway, "", Starts.Quick($"s-{i}"));
            await EndedAsync(gateway, $"s-{i}");
        }
    }

    [Fact]
    public async Task Two_observers_hear_the_same_each_for_itself()
    {
        var first = new TaskCompletionSource<SessionMoment>();
        var second = new TaskCompletionSource<SessionMoment>();
        await using var gateway = await StartAsync(null, services => services
            .AddSessionObserver("first", (moment, _) => Set(first, moment))
            .AddSessionObserver("second", (moment, _) => Set(second, moment)));

        await PostAsync(gateway, "", Starts.Quick("s"));

        Assert.Equal((await Wait.For(first.Task, "the first")).Seq, (await Wait.For(second.Task, "the second")).Seq);

        static Task Set(TaskCompletionSource<SessionMoment> told, SessionMoment moment)
        {
            told.TrySetResult(moment);
            return Task.CompletedTask;
        }
    }

    [Fact]
    public void A_name_that_is_no_id_is_refused_at_once() =>
        Assert.StartsWith("'a b' cannot name a session observer", Assert.Throws<ArgumentException>(() => new ServiceCollection().AddSessionObserver("a b", (_, _) => Task.CompletedTask)).Message, StringComparison.Ordinal);

    [Fact]
    public void Two_observers_with_one_name_stop_the_start()
    {
        var log = new MemorySessionLog();
        var same = new ObserverRegistration("same", (_, _, _) => Task.CompletedTask);
        using var services = new ServiceCollection().BuildServiceProvider();

        var exception = Assert.Throws<InvalidOperationException>(() => new ObserverService([same, same], log, services, TimeProvider.System, NullLogger<ObserverRun>.Instance));

        Assert.StartsWith("Two session observers are named 'same'", exception.Message, StringComparison.Ordinal);
    }

    private static Task<GatewayFixture> StartAsync(Dictionary<string, string?>? settings, Action<IServiceCollection>? services = null) => CustomFixture.StartAsync(settings, services, sockets: false);

    private static async Task PostAsync(GatewayFixture gateway, string path, object body)
    {
        using var client = gateway.CreateClient();
        using var response = await client.PostAsJsonAsync($"{GatewayPath.Api}/sessions{path}", body, body is UserInput ? ContractsJson.Wire.Options : null, TestContext.Current.CancellationToken);
        response.EnsureSuccessStatusCode();
    }

    // A stream of its events ends with it.
    private static async Task EndedAsync(GatewayFixture gateway, string sessionId)
    {
        using var client = gateway.CreateClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{GatewayPath.Api}/sessions/{sessionId}/events") { Headers = { { "Accept", "text/event-stream" } } };
        using var response = await Wait.For(client.SendAsync(request, TestContext.Current.CancellationToken), $"the end of {sessionId}");
    }

    private sealed class Heard
    {
        private readonly Channel<SessionMoment> _moments = Channel.CreateUnbounded<SessionMoment>();

        public int Made;

        public int Disposed;

        public int Waiting => _moments.Reader.Count;

        public void Add(SessionMoment moment) => _moments.Writer.TryWrite(moment);

        public Task<SessionMoment> NextAsync() => Wait.For(_moments.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask(), "a moment");
    }

    private sealed class Listener : ISessionObserver, IDisposable
    {
        private readonly Heard _heard;

        public Listener(Heard heard)
        {
            _heard = heard;
            Interlocked.Increment(ref heard.Made);
        }

        public Task ObserveAsync(SessionMoment moment, CancellationToken cancellationToken)
        {
            _heard.Add(moment);
            return Task.CompletedTask;
        }

        public void Dispose() => Interlocked.Increment(ref _heard.Disposed);
    }
}
