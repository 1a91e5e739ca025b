using System.Net;
using Gateway.Contracts;
using Gateway.Log;
using Gateway.Tests.Delivery;
using Gateway.Tests.Engine;
using Gateway.Tests.Infrastructure;
using Gateway.Tests.Log;
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
        var store = new FaultyStore(inner) { CommitsAllTheSame = commitsAllTheSame };
        var models = new GatedModels();
        await using var gateway = await Gateways.StartAsync(store, models);
        gateway.Log.Expect("stands still: its log does not work").Expect("Health check storage");
        await gateway.StartSessionAsync("s-1", Workflows.Quick);
        var call = await models["a"].NextCall();
        await using var raw = await Watching.RawAsync(gateway, "s-1");
        await using var hub = await Watching.HubAsync(gateway, "s-1");
        call.Say("one ");
        await raw.UntilAsync<TokenStream>();
        await hub.UntilAsync<TokenStream>();

        var failed = store.Break("s-1", DiskFull);
        call.Say("two three ");
        await Wait.For(failed, "the append that fails");

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
        var store = new FaultyStore(new MemorySessionLog());
        var models = new GatedModels();
        await using var gateway = await Gateways.StartAsync(store, models);
        gateway.Log.Expect("stands still: its log does not work").Expect("Health check storage");
        await gateway.StartSessionAsync("s-1", Workflows.Quick);
        var first = await models["a"].NextCall();
        await gateway.StartSessionAsync("s-2", Workflows.Quick);
        var second = await models["a"].NextCall();
        await using var everything = await RawReader.ConnectAsync(gateway, "/ws");
        await everything.SendAsync("""{"cmd":"ping","id":"here"}""");
        Assert.Equal("pong", (await everything.NextJsonAsync()).GetProperty("event").GetString());

        var failed = store.Break("s-1", DiskFull);
        first.Say("unlogged");
        await Wait.For(failed, "the append that fails");
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
        await using var gateway = await Gateways.StartAsync(folder.File("gateway.db"), models);
        gateway.Log.Expect("stands still: its log does not work").Expect("Health check storage").Expect("The session log cannot be written");
        await gateway.StartSessionAsync("s-1", Workflows.Quick);
        var call = await models["a"].NextCall();
        await using var raw = await Watching.RawAsync(gateway, "s-1");
        call.Say("one ");
        await raw.UntilAsync<TokenStream>();

        using (var locker = SqliteLogs.Connect(folder.File("gateway.db")))
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

    private static string Before(Watching client, SessionEvent limit) =>
        string.Concat(client.Events.TakeWhile(e => e.Seq < limit.Seq).OfType<SessionEvent<TokenStream>>().Select(token => token.Data.Chunk));
}
