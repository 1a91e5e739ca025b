using System.Runtime.CompilerServices;
using System.Text.Json;
using Gateway.Delivery;
using Gateway.Delivery.Wires;
using Gateway.Doors.WebSockets;
using Gateway.Engine;
using Gateway.Log;
using Gateway.Log.Memory;
using Gateway.Tests.Delivery.Peers;
using Gateway.Tests.Infrastructure;
using Gateway.Tests.Log;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Gateway.Tests.Delivery;

/// <summary>Between the commit of events and their publication the log is ahead of the feed: nobody may notice.</summary>
public sealed class PublishingTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Live_reader_gets_the_end_when_somebody_learns_of_it_from_the_log_first()
    {
        await using var gateway = await PeerGateway.StartAsync();
        var feeds = Feeds(gateway);
        var session = await TestSession.CreateAsync(gateway.Services);
        var (live, output) = await SubscribeAsync(feeds, session.Id, 0);
        await session.SayAsync(3);
        Assert.Equal([1, 2, 3], Seqs(await output.ReadAsync(3)));
        var end = await session.LogEndOnlyAsync();
        var (lateSender, late) = await SubscribeAsync(feeds, session.Id, 5);

        var feed = feeds.ForWriter(session.Id, end[0].Seq);
        feed.BeginBatch();
        feed.Append(new LoggedEvent(end[0]));
        live.Wake();
        Assert.Equal([4], Seqs(await output.ReadAsync(1)));
        feed.Append(new LoggedEvent(end[1]));
        feed.EndBatch();

        Assert.Equal([5], Seqs(await output.ReadAsync(1)));
        Assert.True(late.IsEmpty);
        feeds.Remove(lateSender);
        await SettledAsync(feeds);
    }

    [Fact]
    public async Task Broadcast_reader_gets_nothing_twice_when_others_have_read_the_end_from_the_log()
    {
        await using var gateway = await PeerGateway.StartAsync();
        var feeds = Feeds(gateway);
        var session = await TestSession.CreateAsync(gateway.Services);
        var (all, output) = Connect(feeds);
        feeds.JoinBroadcast(all.Wire).Open(all);
        await session.SayAsync(3);
        Assert.Equal([1, 2, 3], Seqs(await output.ReadAsync(3)));
        var end = await session.LogEndOnlyAsync();
        var (_, behind) = await SubscribeAsync(feeds, session.Id, 0);
        await SubscribeAsync(feeds, session.Id, 5);
        all.Wake();

        gateway.Services.GetRequiredService<ISessionPublisher>().Publish(end);
        var other = await TestSession.CreateAsync(gateway.Services);
        await other.SayAsync(1);

        var events = (await output.ReadAsync(3)).ToLookup(e => e.GetProperty("data").GetProperty("session_id").GetString()!, Seq);
        Assert.Equal([4, 5], events[session.Id]);
        Assert.Equal([1], events[other.Id]);
        Assert.Equal([1, 2, 3, 4, 5], Seqs(await behind.ReadAsync(5)));
    }

    [Fact]
    public async Task Feed_made_by_a_reader_between_commit_and_first_publication_sends_everything_once()
    {
        await using var gateway = await PeerGateway.StartAsync();
        var feeds = Feeds(gateway);
        var (all, broadcast) = Connect(feeds);
        feeds.JoinBroadcast(all.Wire).Open(all);
        var session = await TestSession.CreateAsync(gateway.Services);
        await session.LogOnlyAsync(2);
        var (_, reader) = await SubscribeAsync(feeds, session.Id, 0);
        Assert.Equal([1, 2], Seqs(await reader.ReadAsync(2)));
        var end = await session.LogEndOnlyAsync();
        var (late, _) = await SubscribeAsync(feeds, session.Id, 4);

        gateway.Services.GetRequiredService<ISessionPublisher>().Publish(end);

        Assert.Equal([3, 4], Seqs(await reader.ReadAsync(2)));
        Assert.Equal([3, 4], Seqs(await broadcast.ReadAsync(2)));
        feeds.Remove(late);
        await SettledAsync(feeds);
        Assert.True(reader.IsEmpty && broadcast.IsEmpty);
    }

    [Fact]
    public async Task Session_that_was_whole_in_the_log_before_its_first_publication_is_sent_once_and_not_taken_for_a_deleted_one()
    {
        await using var gateway = await PeerGateway.StartAsync();
        var feeds = Feeds(gateway);
        var publisher = gateway.Services.GetRequiredService<ISessionPublisher>();
        var (all, broadcast) = Connect(feeds);
        feeds.JoinBroadcast(all.Wire).Open(all);
        var session = await TestSession.CreateAsync(gateway.Services);
        var begin = await session.LogOnlyAsync(2);
        var end = await session.LogEndOnlyAsync();
        var (late, refused) = await SubscribeAsync(feeds, session.Id, 4);
        var (_, reader) = await SubscribeAsync(feeds, session.Id, 0);
        Assert.Equal([1, 2, 3, 4], Seqs(await reader.ReadAsync(4)));

        publisher.Publish(begin);
        Assert.Equal([1, 2], Seqs(await broadcast.ReadAsync(2)));
        publisher.Publish(end);
        Assert.Equal([3, 4], Seqs(await broadcast.ReadAsync(2)));

        feeds.Remove(late);
        await SettledAsync(feeds);
        Assert.True(refused.IsEmpty && reader.IsEmpty && broadcast.IsEmpty);
    }

    [Fact]
    public async Task Reader_that_has_the_end_from_the_log_leaves_when_it_is_published()
    {
        await using var gateway = await PeerGateway.StartAsync();
        var feeds = Feeds(gateway);
        var session = await TestSession.CreateAsync(gateway.Services);
        await session.SayAsync(3);
        var end = await session.LogEndOnlyAsync();
        var (sender, output) = await SubscribeAsync(feeds, session.Id, 0);
        Assert.Equal([1, 2, 3, 4, 5], Seqs(await output.ReadAsync(5)));
        Assert.Equal(1, sender.SubscriptionCount);

        gateway.Services.GetRequiredService<ISessionPublisher>().Publish(end);

        await SettledAsync(feeds);
        Assert.Equal(0, sender.SubscriptionCount);
        Assert.True(output.IsEmpty);
    }

    [Fact]
    public async Task Reader_that_leaves_is_forgotten_though_no_event_comes()
    {
        await using var gateway = await PeerGateway.StartAsync();
        var session = await TestSession.CreateAsync(gateway.Services);

        var gone = await ComeAndGoAsync(gateway, session, 100);

        // What lets go of them, the collector and the pool, comes in its own time.
        var collecting = Task.Run(async () =>
        {
            while (gone.Any(reader => reader.IsAlive) && !Token.IsCancellationRequested)
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
                await Task.Yield();
            }
        });
        await Wait.For(collecting, "the readers to be forgotten");
    }

    [Fact]
    public async Task Backlog_of_large_events_is_read_about_once()
    {
        using var folder = new TempFolder();
        await using var store = SqliteLogs.Open(folder.At("log.db"));
        var log = new WatchedLog(store);
        await using var gateway = await PeerGateway.StartWithoutClockAsync(more: services => services.AddSingleton<ISessionLog>(log));
        var session = await TestSession.CreateAsync(gateway.Services);
        for (var i = 0; i < 20; i++) await session.SayAsync(10, text: new string('x', 16 * 1024));

        await using var reader = await Peer.ConnectAsync(gateway, $"/ws?session_id={session.Id}");
        while (await reader.ReadSeqAsync() < session.LastSeq)
        {
            // Reads on.
        }

        // One event more than fits, and the page behind the last one.
        Assert.InRange(log.BytesRead, reader.BytesRead / 2, reader.BytesRead * 2);
    }

    [Fact]
    public async Task Connection_that_is_to_leave_does_not_wait_for_a_log_that_cannot_be_read()
    {
        var log = new WatchedLog(new MemorySessionLog()) { Outage = new(TaskCreationOptions.RunContinuationsAsynchronously) };
        await using var gateway = await PeerGateway.StartWithoutClockAsync(more: services => services.AddSingleton<ISessionLog>(log));
        var feeds = Feeds(gateway);
        var session = await TestSession.CreateAsync(gateway.Services);
        await session.SayAsync(3);
        var left = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var sender = feeds.CreateSender(new RecordingOutput(), gateway.Services.GetRequiredService<RawWire>(), () => left.TrySetResult());
        await feeds.SubscribeAsync(sender, session.Id, 0, merge: false, Token);
        await Wait.For(log.MetOutage.Task, "the reading of the backlog");

        sender.Leave();
        Assert.False(left.Task.IsCompleted);
        log.Outage.SetResult();

        await Wait.For(left.Task, "the end of the connection");
        feeds.Remove(sender);
    }

    private static SessionFeeds Feeds(GatewayFixture gateway) => gateway.Services.GetRequiredService<SessionFeeds>();

    private static (FrameSender Sender, RecordingOutput Output) Connect(SessionFeeds feeds)
    {
        var output = new RecordingOutput();
        return (feeds.CreateSender(output, new RawWire(new WireRegistry()), () => { }), output);
    }

    private static async Task<(FrameSender Sender, RecordingOutput Output)> SubscribeAsync(SessionFeeds feeds, string sessionId, long afterSeq)
    {
        var (sender, output) = Connect(feeds);
        await feeds.SubscribeAsync(sender, sessionId, afterSeq, merge: false, Token);
        return (sender, output);
    }

    // Nothing is read or written any more: the last session has ended, and its last reader has left.
    private static Task SettledAsync(SessionFeeds feeds) => Wait.For(
        Task.Run(async () =>
        {
            while (feeds.Count > 0) await Task.Yield();
        }),
        "the last subscription to end");

    // Apart, so that nothing of it is left on the stack.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task<List<WeakReference>> ComeAndGoAsync(GatewayFixture gateway, TestSession session, int count)
    {
        var feeds = Feeds(gateway);
        var readers = new List<(FrameSender Sender, RecordingOutput Output)>();
        for (var i = 0; i < count; i++) readers.Add(await SubscribeAsync(feeds, session.Id, 0));
        await session.SayAsync(1);
        foreach (var (_, output) in readers) await output.ReadAsync(1);
        foreach (var (sender, _) in readers) feeds.Remove(sender);
        return [.. readers.Select(r => new WeakReference(r.Sender))];
    }

    private static IEnumerable<int> Seqs(IEnumerable<JsonElement> events) => events.Select(Seq);

    private static int Seq(JsonElement e) => e.GetProperty("seq").GetInt32();
}
