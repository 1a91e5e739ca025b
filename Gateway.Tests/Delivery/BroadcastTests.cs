using System.Text.Json;
using Gateway.Delivery;
using Gateway.Delivery.Outputs;
using Gateway.Doors.WebSockets;
using Gateway.Log;
using Gateway.Tests.Infrastructure;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Gateway.Tests.Delivery;

/// <summary>A plain <c>/ws</c> gets every session's live events, and is one entry in a list until a session says something.</summary>
public sealed class BroadcastTests
{
    private const int Sessions = 500;

    [Fact]
    public async Task A_connection_costs_nothing_for_sessions_that_are_silent()
    {
        await using var gateway = await CustomFixture.StartAsync(sockets: false);
        var feeds = gateway.Services.GetRequiredService<SessionFeeds>();
        var sessions = new List<TestSession>();
        for (var i = 0; i < Sessions; i++) sessions.Add(await TestSession.CreateAsync(gateway.Services));
        foreach (var session in sessions) await session.SayAsync(1);
        Assert.Equal(Sessions, feeds.Count);

        var (sender, output, _) = Connect(gateway, feeds);
        Assert.Equal(0, sender.SubscriptionCount);
        await sessions[7].SayAsync(2);
        await sessions[9].SayAsync(1);

        var events = await output.ReadAsync(3);
        Assert.Equal([2, 3], events.Where(e => Session(e) == sessions[7].Id).Select(Seq));
        Assert.Equal([2], events.Where(e => Session(e) == sessions[9].Id).Select(Seq));
        Assert.Equal(2, sender.SubscriptionCount);
    }

    [Fact]
    public async Task A_writer_never_waits_for_the_sockets_of_those_who_watch()
    {
        await using var gateway = await CustomFixture.StartAsync(sockets: false);
        var feeds = gateway.Services.GetRequiredService<SessionFeeds>();
        var old = await TestSession.CreateAsync(gateway.Services);
        await old.SayAsync(1);
        using var stuck = new StuckOutput();
        var sender = feeds.CreateSender(stuck, gateway.Services.GetRequiredService<RawWire>(), () => { });
        using var member = feeds.JoinBroadcast(sender.Wire);
        member.Open(sender);

        // A socket that does not return from a write, of a session that it knows, and of one that begins.
        await Wait.For(Task.Run(() => old.SayAsync(1)), "the writer of an old session");
        await stuck.WaitAsync();
        var begun = await TestSession.CreateAsync(gateway.Services);
        await Wait.For(Task.Run(() => begun.SayAsync(1)), "the writer of a new session");
        await Wait.For(Task.Run(() => old.SayAsync(1)), "the writer of the old session");

        Assert.Equal(1, stuck.Begun);
    }

    [Fact]
    public async Task A_session_that_is_not_wanted_stays_away_though_it_had_said_nothing()
    {
        await using var gateway = await CustomFixture.StartAsync(sockets: false);
        var feeds = gateway.Services.GetRequiredService<SessionFeeds>();
        var (unwanted, wanted) = (await TestSession.CreateAsync(gateway.Services), await TestSession.CreateAsync(gateway.Services));
        await unwanted.SayAsync(1);
        var (sender, output, _) = Connect(gateway, feeds);

        Assert.True(feeds.Unsubscribe(sender, unwanted.Id));
        await unwanted.SayAsync(3);
        await wanted.SayAsync(2);
        await unwanted.EndAsync();
        await wanted.EndAsync();

        Assert.Equal([1, 2, 3], (await output.ReadAsync(3)).Select(Seq));
        await Wait.Until(() => feeds.Count == 0, "the sessions to be over");
        Assert.True(output.IsEmpty);
    }

    [Fact]
    public async Task What_a_silent_session_says_during_a_snapshot_comes_once()
    {
        await using var gateway = await CustomFixture.StartAsync(sockets: false);
        var feeds = gateway.Services.GetRequiredService<SessionFeeds>();
        var session = await TestSession.CreateAsync(gateway.Services);
        await session.SayAsync(3);
        var (sender, output, _) = Connect(gateway, feeds);

        using (var earlier = feeds.Suspend(sender, session.Id))
        {
            await session.SayAsync(2);
            await feeds.SubscribeAsync(sender, session.Id, 5, merge: false, TestContext.Current.CancellationToken);
            earlier!.Replace();
        }

        await session.SayAsync(1);
        await session.EndAsync();
        Assert.Equal([6, 7], (await output.ReadAsync(2)).Select(Seq));
        await Wait.Until(() => feeds.Count == 0, "the session to be over");
        Assert.True(output.IsEmpty);
    }

    [Fact]
    public async Task Who_comes_after_a_crowd_has_left_at_once_is_counted()
    {
        await using var gateway = await CustomFixture.StartAsync(sockets: false);
        var feeds = gateway.Services.GetRequiredService<SessionFeeds>();
        var wire = gateway.Services.GetRequiredService<RawWire>();
        var list = new BroadcastList();
        for (var round = 0; round < 200; round++)
        {
            var crowd = Enumerable.Range(0, 300).Select(_ => list.Join(feeds, wire)).ToList();
            Parallel.ForEach(crowd, member => member.Dispose());
            Assert.Equal(0, list.Count);
        }

        using var late = list.Join(feeds, wire);
        Assert.Equal(1, list.Count);
        Assert.Equal([late], list.Between(late.Number - 1, late.Number));
    }

    [Fact]
    public async Task The_last_events_come_once_to_one_that_has_read_them_before_the_broadcast_did()
    {
        await using var gateway = await CustomFixture.StartAsync(sockets: false);
        var feeds = gateway.Services.GetRequiredService<SessionFeeds>();
        var session = await TestSession.CreateAsync(gateway.Services);
        await session.SayAsync(3);
        var (sender, output, _) = Connect(gateway, feeds);
        await feeds.SubscribeAsync(sender, session.Id, 0, merge: false, TestContext.Current.CancellationToken);
        Assert.Equal([1, 2, 3], (await output.ReadAsync(3)).Select(Seq));
        var end = await session.LogEndOnlyAsync();

        var feed = feeds.ForWriter(session.Id, end[0].Seq);
        feed.BeginBatch();
        foreach (var e in end) feed.Append(new LoggedEvent(e));
        sender.Wake();
        Assert.Equal([4, 5], (await output.ReadAsync(2)).Select(Seq));
        feed.EndBatch();

        await Wait.Until(() => feeds.Count == 0, "the session to be over");
        Assert.True(output.IsEmpty);
    }

    [Fact]
    public async Task A_subscription_that_comes_back_to_a_deleted_session_with_all_of_it_sent_ends_once()
    {
        await using var gateway = await CustomFixture.StartAsync(sockets: false);
        var feeds = gateway.Services.GetRequiredService<SessionFeeds>();
        var (session, other) = (await TestSession.CreateAsync(gateway.Services), await TestSession.CreateAsync(gateway.Services));
        var output = new HeldOutput();
        var sender = feeds.CreateSender(output, gateway.Services.GetRequiredService<RawWire>(), () => { });
        foreach (var each in (TestSession[])[session, other])
        {
            await each.SayAsync(1);
            await feeds.SubscribeAsync(sender, each.Id, 1, merge: false, TestContext.Current.CancellationToken);
            await each.SayAsync(1);
        }

        await Wait.Until(() => sender.Lags().All(lag => lag == 0), "the first events");
        output.Hold = new TaskCompletionSource();
        await session.EndAsync();
        await Wait.For(output.Held.Task, "the last write");
        using (feeds.Suspend(sender, session.Id))
        {
            output.Hold.SetResult();
            feeds.OnDeleted([session.Id]);
        }

        Assert.Equal(1, sender.SubscriptionCount);
        await other.SayAsync(1);
        await Wait.Until(() => sender.Lags() is [0], "the other session's event");
        feeds.Remove(sender);
    }

    [Fact]
    public async Task Everybody_gets_each_session_from_where_he_came_until_he_does_not_want_it()
    {
        var seed = Random.Shared.Next();
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var random = new Random(seed);
        await using var gateway = await CustomFixture.StartAsync(sockets: false);
        var feeds = gateway.Services.GetRequiredService<SessionFeeds>();
        var sessions = new List<TestSession>();
        var viewers = new List<Viewer>();
        for (var step = 0; step < 1200; step++)
        {
            var session = sessions.Count > 0 ? sessions[random.Next(sessions.Count)] : null;
            var viewer = viewers.Count > 0 ? viewers[random.Next(viewers.Count)] : null;
            switch (random.Next(20))
            {
                case 0 when sessions.Count < 60:
                    sessions.Add(await TestSession.CreateAsync(gateway.Services));
                    foreach (var each in viewers) each.Expects(sessions[^1]);
                    break;
                case 1 when viewers.Count < 40:
                    viewers.Add(new Viewer(gateway, feeds));
                    foreach (var each in sessions) viewers[^1].Expects(each);
                    break;
                case 2:
                    viewer?.Open();
                    break;
                case 3 when random.Next(4) == 0 && viewer is not null:
                    viewer.Leave();
                    viewers.Remove(viewer);
                    break;
                case 4 when session is not null:
                    viewer?.Refuse(session);
                    break;
                case 5 when session is not null && viewer is { IsOpen: true }:
                    using (feeds.Suspend(viewer.Sender, session.Id)) await session.SayAsync(random.Next(3) + 1);
                    break;
                case > 5 when session is not null:
                    await session.SayAsync(random.Next(3) + 1);
                    break;
            }
        }

        foreach (var viewer in viewers) viewer.Open();
        foreach (var session in sessions) await session.EndAsync();
        await Wait.Until(() => feeds.Count == 0, $"the sessions to be over (seed {seed})");
        foreach (var viewer in viewers) await viewer.CheckAsync(sessions, seed);
    }

    private static (FrameSender Sender, RecordingOutput Output, BroadcastMember Member) Connect(GatewayFixture gateway, SessionFeeds feeds)
    {
        var output = new RecordingOutput();
        var sender = feeds.CreateSender(output, gateway.Services.GetRequiredService<RawWire>(), () => { });
        var member = feeds.JoinBroadcast(sender.Wire);
        member.Open(sender);
        return (sender, output, member);
    }

    private static string Session(JsonElement e) => e.GetProperty("data").GetProperty("session_id").GetString()!;

    private static int Seq(JsonElement e) => e.GetProperty("seq").GetInt32();

    // What one connection is to get, and what it got.
    private sealed class Viewer
    {
        private readonly SessionFeeds _feeds;
        private readonly RecordingOutput _output = new();
        private readonly BroadcastMember _member;
        private readonly Dictionary<string, long> _first = [];
        private readonly Dictionary<string, long> _last = [];

        public Viewer(GatewayFixture gateway, SessionFeeds feeds)
        {
            _feeds = feeds;
            Sender = feeds.CreateSender(_output, gateway.Services.GetRequiredService<RawWire>(), () => { });
            _member = feeds.JoinBroadcast(Sender.Wire);
        }

        public FrameSender Sender { get; }

        public bool IsOpen { get; private set; }

        public void Expects(TestSession session) => _first.Add(session.Id, session.LastSeq + 1);

        public void Open()
        {
            if (IsOpen) return;
            IsOpen = true;
            _member.Open(Sender);
        }

        // A session that has said nothing yet is not known here, so it cannot be refused.
        public void Refuse(TestSession session)
        {
            if (!IsOpen || session.LastSeq == 0) return;
            _feeds.Unsubscribe(Sender, session.Id);
            _last.TryAdd(session.Id, session.LastSeq);
        }

        public void Leave()
        {
            _feeds.Remove(Sender);
            _member.Dispose();
        }

        public async Task CheckAsync(IReadOnlyList<TestSession> sessions, int seed)
        {
            var got = new Dictionary<string, List<int>>();
            while (!_output.IsEmpty)
            {
                var e = (await _output.ReadAsync(1))[0];
                if (!got.TryGetValue(Session(e), out var seqs)) got.Add(Session(e), seqs = []);
                seqs.Add(Seq(e));
            }

            foreach (var session in sessions)
            {
                var seqs = got.GetValueOrDefault(session.Id, []);
                var first = (int)_first[session.Id];
                Assert.True(seqs.SequenceEqual(Enumerable.Range(first, seqs.Count)), $"{session.Id} from {first}: {string.Join(' ', seqs)} (seed {seed})");
                var last = first + seqs.Count - 1;
                if (_last.TryGetValue(session.Id, out var most)) Assert.True(last <= Math.Max(most, first - 1), $"{session.Id} went on to {last} after {most} (seed {seed})");
                else Assert.True(last == session.LastSeq, $"{session.Id} ended at {last} of {session.LastSeq} (seed {seed})");
            }
        }
    }

    // Its next write takes as long as the test says.
    private sealed class HeldOutput : FrameOutput
    {
        public TaskCompletionSource? Hold { get; set; }

        public TaskCompletionSource Held { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> frames)
        {
            if (Hold is null || Held.Task.IsCompleted) return ValueTask.CompletedTask;
            Held.SetResult();
            return new ValueTask(Hold.Task);
        }
    }

    // A write that does not return, as a synchronous one to a slow disk or a debugger's breakpoint would not.
    private sealed class StuckOutput : FrameOutput, IDisposable
    {
        private readonly ManualResetEventSlim _released = new();
        private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _count;

        public int Begun => Volatile.Read(ref _count);

        public Task WaitAsync() => Wait.For(_begun.Task, "a write to begin");

        public void Dispose() => _released.Set();

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> frames)
        {
            Interlocked.Increment(ref _count);
            _begun.TrySetResult();
            _released.Wait();
            return ValueTask.CompletedTask;
        }
    }
}
