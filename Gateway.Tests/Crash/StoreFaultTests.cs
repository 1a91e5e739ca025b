using System.Net;
using Gateway.Contracts;
using Gateway.Log;
using Gateway.Log.Memory;
using Gateway.Log.Sqlite;
using Gateway.Tests.Infrastructure;
using Gateway.Tests.Log;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Gateway.Tests.Crash;

/// <summary>A store that fails under a running session: it stands still, nobody sees what is not logged, and nothing is lost.</summary>
public sealed class StoreFaultTests
{
    private const string DiskFull = "The session log cannot grow: the disk is full.";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Session_stands_still_on_a_full_disk_and_goes_on_whole(bool commitsAllTheSame)
    {
        var inner = new MemorySessionLog();
        var store = new FaultyLog(inner) { CommitsAllTheSame = commitsAllTheSame };
        var models = new GatedModels();
        await using var gateway = await Gateways.StartAsync(store, models);
        gateway.Log.Announce("is held: its log cannot be used").Announce("Health check storage");
        await gateway.StartSessionAsync("s-1", SampleWorkflows.Quick);
        var call = await models["a"].NextCall();
        await using var raw = await Watching.RawAsync(gateway, "s-1");
        await using var hub = await Watching.HubAsync(gateway, "s-1");
        call.Say("one ");
        await raw.UntilAsync<TokenStream>();
        await hub.UntilAsync<TokenStream>();

        store.Break("s-1", DiskFull);
        call.Say("two three ");
        await Wait.For(store.Failed("s-1"), "the append that fails");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, await gateway.CommandAsync("s-1", "resume"));
        var (status, text) = await gateway.ReadyAsync();
        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Contains("disk is full", text, StringComparison.Ordinal);

        store.Mend("s-1");
        Assert.Equal(HttpStatusCode.OK, await gateway.CommandAsync("s-1", "resume"));
        call.Say("four").End();
        foreach (var client in new[] { raw, hub })
        {
            await client.UntilAsync<ExecutionCompleted>();
            Assert.Equal("one two three four", client.Text);
            var errors = client.Events.OfType<SessionEvent<ExecutionError>>().ToList();
            Assert.All(errors, error => Assert.Equal(ErrorCode.StorageUnavailable, error.Data.Code));

            // A store that committed what it said it could not has told of the first resume, too.
            Assert.Equal(commitsAllTheSame ? 2 : 1, errors.Count);
            Assert.Equal(commitsAllTheSame ? "one two three " : "one ", Before(client, errors[0]));
        }

        Assert.Equal(1, models["a"].Calls);
        Assert.Equal((await inner.ReadAsync("s-1", 0, 1000, TestContext.Current.CancellationToken)).Select(logged => Recording.FrameOf(logged.Event)), raw.Events.Select(Recording.FrameOf));
        Assert.Equal(HttpStatusCode.OK, (await gateway.ReadyAsync()).Status);
    }

    [Fact]
    public async Task Other_sessions_and_readers_go_on_while_one_session_cannot_be_logged()
    {
        var store = new FaultyLog(new MemorySessionLog());
        var models = new GatedModels();
        await using var gateway = await Gateways.StartAsync(store, models);
        gateway.Log.Announce("is held: its log cannot be used").Announce("Health check storage");
        await gateway.StartSessionAsync("s-1", SampleWorkflows.Quick);
        var first = await models["a"].NextCall();
        await gateway.StartSessionAsync("s-2", SampleWorkflows.Quick);
        var second = await models["a"].NextCall();
        await using var everything = await RawReader.ConnectAsync(gateway, "/ws");
        await everything.SendAsync("""{"cmd":"ping","id":"here"}""");
        Assert.Equal("pong", (await everything.NextJsonAsync()).GetProperty("event").GetString());

        store.Break("s-1", DiskFull);
        first.Say("unlogged");
        await Wait.For(store.Failed("s-1"), "the append that fails");
        second.Say("other").End();

        // The first thing to come, to a client that watches both, is of the other session: so was everything before its end.
        SessionEvent seen;
        do
        {
            seen = await everything.NextAsync();
            Assert.Equal("s-2", seen.SessionId);
        }
        while (seen is not SessionEvent<ExecutionCompleted>);

        // Who comes now still reads what was logged.
        await using var late = await Watching.RawAsync(gateway, "s-1");
        await late.UntilAsync<NodeStateChange>(change => change is { NodeId: "a", Status: NodeStatus.Running });
        Assert.Equal(string.Empty, late.Text);

        store.Mend("s-1");
        Assert.Equal(HttpStatusCode.OK, await gateway.CommandAsync("s-1", "resume"));
        first.End();
        await late.UntilAsync<ExecutionCompleted>();
        Assert.Equal("unlogged", late.Text);
    }

    [Fact]
    public async Task Locked_file_holds_a_session_until_it_is_free_and_a_resume_goes_on()
    {
        using var folder = new TempFolder();
        var models = new GatedModels();
        await using var gateway = await Gateways.StartAsync(folder.At("gateway.db"), models);
        gateway.Log.Announce("is held: its log cannot be used").Announce("Health check storage").Announce("The session log cannot be written");
        await gateway.StartSessionAsync("s-1", SampleWorkflows.Quick);
        var call = await models["a"].NextCall();
        await using var raw = await Watching.RawAsync(gateway, "s-1");
        call.Say("one ");
        await raw.UntilAsync<TokenStream>();

        using (var locker = SqliteLogs.Connect(folder.At("gateway.db")))
        {
            locker.Execute("BEGIN IMMEDIATE");
            call.Say("two ");

            // Refused once the file was waited for in vain: the failed append comes first, or this one fails with it.
            Assert.Equal(HttpStatusCode.ServiceUnavailable, await gateway.CommandAsync("s-1", "pause"));
            var (status, text) = await gateway.ReadyAsync();
            Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
            Assert.Contains("locked", text, StringComparison.Ordinal);
            Assert.Equal(SessionStatus.Running, Assert.Single((await gateway.ListAsync("limit=10")).Sessions).Status);
            locker.Execute("ROLLBACK");
        }

        Assert.Equal(HttpStatusCode.OK, (await gateway.ReadyAsync()).Status);
        Assert.Equal(HttpStatusCode.OK, await gateway.CommandAsync("s-1", "resume"));
        call.Say("three").End();
        await raw.UntilAsync<ExecutionCompleted>();
        Assert.Equal("one two three", raw.Text);
        Assert.Equal(1, models["a"].Calls);
    }

    [Fact]
    public async Task Once_a_locked_file_is_free_a_session_goes_on_by_itself()
    {
        using var folder = new TempFolder();
        var models = new GatedModels();
        await using var gateway = await Gateways.StartAsync(folder.At("gateway.db"), models, RetryOften);
        gateway.Log.Announce("is held: its log cannot be used").Announce("Health check storage").Announce("The session log cannot be written");
        await gateway.StartSessionAsync("s-1", SampleWorkflows.Quick);
        var call = await models["a"].NextCall();
        await using var raw = await Watching.RawAsync(gateway, "s-1");
        using (var locker = SqliteLogs.Connect(folder.At("gateway.db")))
        {
            locker.Execute("BEGIN IMMEDIATE");
            call.Say("one ");
            Assert.Equal(HttpStatusCode.ServiceUnavailable, await gateway.CommandAsync("s-1", "pause"));
            using var http = gateway.CreateClient();
            var during = await http.GetStringAsync(new Uri("/api/v1/sessions/s-1", UriKind.Relative), TestContext.Current.CancellationToken);
            Assert.Contains("\"pause_reason\":\"storage_unavailable\"", during, StringComparison.Ordinal);
            locker.Execute("ROLLBACK");
        }

        call.Say("two").End();
        await raw.UntilAsync<ExecutionCompleted>();

        Assert.Equal("one two", raw.Text);
        Assert.Single(raw.Events.OfType<SessionEvent<ExecutionPaused>>(), paused => paused.Data.Reason == PauseReason.StorageUnavailable);
        Assert.Equal(1, models["a"].Calls);
    }

    [Fact]
    public async Task Sessions_of_an_earlier_process_go_on_when_the_file_is_free_after_the_start()
    {
        using var folder = new TempFolder();
        var models = new GatedModels();
        await using (var first = await Gateways.StartAsync(folder.At("gateway.db"), models))
        {
            await first.StartSessionAsync("s-1", SampleWorkflows.Quick);
            await models["a"].NextCall();
        }

        await using var locker = SqliteLogs.Connect(folder.At("gateway.db"));
        locker.Execute("BEGIN IMMEDIATE");
        await using var second = await Gateways.StartAsync(folder.At("gateway.db"), models, RetryOften);
        second.Log.Announce("is held: its log cannot be used").Announce("Health check storage").Announce("The session log cannot be written");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await second.ReadyAsync()).Status);
        locker.Execute("ROLLBACK");

        (await models["a"].NextCall()).Say("again").End();
        await using var raw = await Watching.RawAsync(second, "s-1");
        await raw.UntilAsync<ExecutionCompleted>();
        Assert.Equal("again", raw.Text);
    }

    [Fact]
    public async Task A_second_gateway_on_the_file_is_refused_until_the_first_has_ended()
    {
        using var folder = new TempFolder();
        var file = folder.At("gateway.db");
        await using (await Gateways.StartAsync(file, new GatedModels()))
        {
            var refusal = Assert.Throws<StorageException>(() => LogFileLock.Take(file, TimeSpan.Zero, TimeProvider.System, NullLogger.Instance));
            Assert.Contains("Another gateway", refusal.Message, StringComparison.Ordinal);
            Assert.Contains(file, refusal.Message, StringComparison.Ordinal);
        }

        // One that waits gets it when the other lets go.
        var first = LogFileLock.Take(file, Wait.Limit, TimeProvider.System, NullLogger.Instance)!;
        var second = Task.Run(() => LogFileLock.Take(file, Wait.Limit, TimeProvider.System, NullLogger.Instance));
        first.Dispose();
        (await Wait.For(second, "the lock"))!.Dispose();
    }

    private static readonly Dictionary<string, string?> RetryOften = new() { ["Gateway:Storage:RetryInterval"] = "00:00:00.050" };

    private static string Before(Watching client, SessionEvent limit) =>
        string.Concat(client.Events.TakeWhile(e => e.Seq < limit.Seq).OfType<SessionEvent<TokenStream>>().Select(token => token.Data.Chunk));
}
