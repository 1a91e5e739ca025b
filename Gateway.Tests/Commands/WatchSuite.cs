using Gateway.Contracts;
using Gateway.Delivery;
using Gateway.Tests.Infrastructure;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Gateway.Tests.Commands;

/// <summary>Starting and watching, and a snapshot and what follows it, each as one command, on every door that has connections.</summary>
public abstract class WatchSuite(WatchFixture gateway)
{
    [Fact]
    public async Task A_start_is_watched_from_its_first_event_and_only_once()
    {
        var start = Quick();
        await using var client = await ConnectAsync();

        Assert.Null(await client.StartAsync(start));
        var last = await ReadToEndAsync(client, start.SessionId!);
        Assert.Null(await client.StartAsync(Quick()));

        // What comes next is of the second session: the first has not been sent twice.
        Assert.NotEqual(start.SessionId, (await client.NextAsync()).SessionId);
        Assert.True(last > 1);
    }

    [Fact]
    public async Task A_fork_is_watched_from_its_first_event_and_is_then_the_session_that_commands_are_about()
    {
        var start = Quick();
        await using (var other = await ConnectAsync())
        {
            Assert.Null(await other.StartAsync(start));
            await ReadToEndAsync(other, start.SessionId!);
        }

        await using var client = await ConnectAsync();
        var fork = new ForkSession { SourceSessionId = start.SessionId, AfterSeq = 0, SessionId = Starts.NewId() };
        Assert.Null(await client.ForkAsync(fork));
        await ReadToEndAsync(client, fork.SessionId!);
        Assert.Equal(ErrorCode.SessionFinished, (await client.PauseAsync(null))?.Code);

        // Without a name it is the one that was forked last; the same again is a no-op, and something else is refused.
        var unnamed = new ForkSession { SessionId = Starts.NewId() };
        Assert.Null(await client.ForkAsync(unnamed));
        await ReadToEndAsync(client, unnamed.SessionId!);
        Assert.Null(await client.ForkAsync(fork));
        Assert.Equal(ErrorCode.SessionExists, (await client.ForkAsync(fork with { AfterSeq = 1 }))?.Code);
        Assert.Equal(ErrorCode.SeqOutOfRange, (await client.ForkAsync(fork with { AfterSeq = 100_000, SessionId = null }))?.Code);
        Assert.Equal(ErrorCode.InvalidData, (await client.ForkAsync(fork with { Input = System.Text.Json.JsonElement.Parse("5"), SessionId = null }))?.Code);
        Assert.Equal(ErrorCode.SessionNotFailed, (await client.RetryAsync(new RetrySession { SourceSessionId = fork.SessionId }))?.Code);
        Assert.Equal(ErrorCode.UnknownSession, (await client.RetryAsync(new RetrySession { SourceSessionId = "nobody" }))?.Code);
    }

    [Fact]
    public async Task A_start_whose_subscription_failed_is_repeated_and_then_watched()
    {
        var start = Quick();
        var feeds = gateway.Services.GetRequiredService<SessionFeeds>();
        var before = feeds.Count;
        await using (var first = await ConnectAsync())
        {
            Assert.Null(await first.StartAsync(start));
            await ReadToEndAsync(first, start.SessionId!);
        }

        // As long as the feed of the ended session is there, the store is not asked.
        await Wait.For(Task.Run(async () =>
        {
            while (feeds.Count > before) await Task.Yield();
        }), "the feed of the session that has ended to go");
        await using var client = await ConnectAsync();
        gateway.Store.FailAfter(0, start.SessionId!);
        var refusal = await client.StartAsync(start);
        gateway.Store.Work();

        Assert.Equal(ErrorCode.StorageUnavailable, refusal?.Code);
        Assert.Null(await client.StartAsync(start));
        Assert.Equal((start.SessionId!, 1), await client.NextAsync());
    }

    [Fact]
    public async Task A_snapshot_takes_the_place_of_the_earlier_subscription()
    {
        var session = await TestSession.CreateAsync(gateway.Services);
        await session.LogOnlyAsync(3);
        await using var client = await WatchAsync(session);

        Assert.Null(await client.SubscribeSnapshotAsync(session.Id));
        Assert.Equal(3, await client.SnapshotSeqAsync());
        await session.SayAsync(2);

        Assert.Equal((session.Id, 4), await client.NextAsync());
        Assert.Equal((session.Id, 5), await client.NextAsync());
    }

    // The first look-up is the snapshot's, the second one is the new subscription's.
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_store_that_fails_on_the_way_leaves_the_earlier_subscription_as_it_was(int lookUps)
    {
        var session = await TestSession.CreateAsync(gateway.Services);
        await session.LogOnlyAsync(3);
        await using var client = await WatchAsync(session);

        gateway.Store.FailAfter(lookUps, session.Id);
        var refusal = await client.SubscribeSnapshotAsync(session.Id);
        gateway.Store.Work();
        await session.SayAsync(2);

        Assert.Equal(ErrorCode.StorageUnavailable, refusal?.Code);
        Assert.Equal((session.Id, 4), await client.NextAsync());
        Assert.Equal((session.Id, 5), await client.NextAsync());
    }

    [Fact]
    public async Task A_store_that_fails_leaves_the_session_that_commands_are_about()
    {
        var started = new StartSession { WorkflowId = "reviewed-draft", Subject = "A letter", SessionId = Starts.NewId() };
        var other = await TestSession.CreateAsync(gateway.Services);
        await other.LogOnlyAsync(1);
        await using var client = await ConnectAsync();
        Assert.Null(await client.StartAsync(started));

        gateway.Store.FailAfter(1, other.Id);
        var refusal = await client.SubscribeSnapshotAsync(other.Id);
        gateway.Store.Work();

        Assert.Equal(ErrorCode.StorageUnavailable, refusal?.Code);
        Assert.Null(await client.PauseAsync(null));
    }

    private protected abstract Task<IRoomClient> ConnectAsync();

    private static StartSession Quick() => new() { WorkflowId = "quick-answer", Subject = "Tea or coffee?", SessionId = Starts.NewId() };

    private async Task<IRoomClient> WatchAsync(TestSession session)
    {
        var client = await ConnectAsync();
        Assert.Null(await client.SubscribeAsync(session.Id, 0));
        for (var seq = 1; seq <= session.LastSeq; seq++) Assert.Equal((session.Id, seq), await client.NextAsync());
        return client;
    }

    // The last seq; every one from the first on has come once.
    private async Task<long> ReadToEndAsync(IRoomClient client, string sessionId)
    {
        for (var seq = 1L; ; seq++)
        {
            Assert.Equal((sessionId, seq), await client.NextAsync());
            var entry = await gateway.Store.Inner.FindAsync(sessionId, TestContext.Current.CancellationToken);
            if (SessionStatus.IsFinal(entry!.Status) && entry.LastSeq == seq) return seq;
        }
    }
}
