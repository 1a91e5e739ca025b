using System.Threading.Channels;
using Gateway.Contracts;
using Gateway.Log;
using Gateway.Log.Memory;
using Gateway.Observers;
using Gateway.Tests.Infrastructure;
using Gateway.Tests.Log;
using Xunit;

namespace Gateway.Tests.Observers;

/// <summary>One observer, a log in memory, and a clock that the test moves.</summary>
public sealed class ObserverRunTests : IAsyncDisposable
{
    private readonly MemorySessionLog _memory = new();
    private readonly WatchedClock _clock = new();
    private readonly TestLog _logged = new();
    private readonly Channel<SessionMoment> _told = Channel.CreateUnbounded<SessionMoment>();
    private readonly List<ObserverRun> _runs = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        foreach (var run in _runs) await Wait.For(run.StopAsync(), "the end of an observer");
        _logged.Check();
    }

    [Fact]
    public async Task Moments_of_a_session_are_told_in_order_and_each_once()
    {
        var run = await StartAsync();
        await AskAsync("s-1", 0, "one", "Good?");
        run.Note("s-1");

        var asked = Assert.IsType<SessionAsked>(await ToldAsync());
        Assert.Equal(("s-1", "one", "one", "Good?", 2L, Sample.Start.AddTicks(2)), (asked.Session.SessionId, asked.NodeId, asked.Prompt.PromptId, asked.Prompt.Text, asked.Seq, asked.At));

        await AppendAsync("s-1", 2, [Sample.Token("s-1", 3), Asked("s-1", 4, "two", "And this?"), Sample.End("s-1", 5)], SessionStatus.Completed);
        run.Note("s-1");

        Assert.Equal(4, Assert.IsType<SessionAsked>(await ToldAsync()).Seq);
        var ended = Assert.IsType<SessionEnded>(await ToldAsync());
        Assert.Equal((5L, "Done.", SessionStatus.Completed), (ended.Seq, ended.End.Output, ended.End.Status));
        await NothingMoreAsync(run);
    }

    [Fact]
    public async Task A_new_observer_hears_of_nothing_that_was_before_it()
    {
        await EndAsync("old");
        await AskAsync("open", 0, "one", "Good?");
        var run = await StartAsync();
        await AppendAsync("open", 2, [Sample.End("open", 3)], SessionStatus.Completed);
        run.Note("open");

        Assert.Equal(("open", 3L), Names(await ToldAsync()));
        await NothingMoreAsync(run);
    }

    [Fact]
    public async Task After_a_restart_it_is_told_what_it_has_missed_and_nothing_twice()
    {
        var first = await StartAsync();
        await AskAsync("s-1", 0, "one", "Good?");
        first.Note("s-1");
        Assert.Equal(("s-1", 2L), Names(await ToldAsync()));
        await NothingMoreAsync(first);
        await first.StopAsync();
        await AppendAsync("s-1", 2, [Sample.End("s-1", 3)], SessionStatus.Completed);
        await EndAsync("s-2");

        var second = await StartAsync();

        Assert.Equal([("s-1", 3L), ("s-2", 1L)], new[] { Names(await ToldAsync()), Names(await ToldAsync()) }.Order());
        await NothingMoreAsync(second);
    }

    [Fact]
    public async Task What_fails_is_told_again_later_and_later_and_holds_up_no_other_session()
    {
        var failures = 3;
        var run = await StartAsync(observe: moment => moment.Session.SessionId == "bad" && failures-- > 0 ? throw new InvalidOperationException("The mail server is away.") : Task.CompletedTask);
        await EndAsync("bad");
        run.Note("bad");
        Assert.Equal(("bad", 1L), Names(await ToldAsync()));
        await EndAsync("good");
        run.Note("good");
        Assert.Equal(("good", 1L), Names(await ToldAsync()));

        foreach (var seconds in new[] { 1, 2, 4 })
        {
            await Wait.For(_clock.PassAsync(TimeSpan.FromSeconds(seconds), Token), "the wait");
            Assert.Equal(("bad", 1L), Names(await ToldAsync()));
        }

        await NothingMoreAsync(run);
        Assert.Equal(3, _logged.Entries.Count(entry => entry.Id == ObserversEvents.Failed && entry.Text.Contains("bad", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task What_is_done_and_could_not_be_noted_is_told_again()
    {
        var run = await StartAsync(log: new FailingLog(_memory) { Moves = 1 });
        await EndAsync("s-1");
        run.Note("s-1");
        Assert.Equal(("s-1", 1L), Names(await ToldAsync()));

        await Wait.For(_clock.PassAsync(TimeSpan.FromSeconds(1), Token), "the wait");

        Assert.Equal(("s-1", 1L), Names(await ToldAsync()));
        await NothingMoreAsync(run);
    }

    [Fact]
    public async Task A_store_that_does_not_work_at_the_start_is_waited_for()
    {
        // The start asks it, and so does the first search.
        var run = await StartAsync(log: new FailingLog(_memory) { Follows = 2 });
        await Wait.For(_clock.PassAsync(TimeSpan.FromSeconds(1), Token), "the wait");
        await FollowedAsync();
        await EndAsync("s-1");
        run.Note("s-1");

        Assert.Equal(("s-1", 1L), Names(await ToldAsync()));
    }

    [Fact]
    public async Task One_session_is_told_of_by_one_at_a_time()
    {
        var gate = new TaskCompletionSource();
        var (now, most) = (0, 0);
        var run = await StartAsync(observe: async _ =>
        {
            most = Math.Max(most, Interlocked.Increment(ref now));
            await gate.Task;
            Interlocked.Decrement(ref now);
        });
        await AskAsync("s-1", 0, "one", "Good?");
        run.Note("s-1");
        await ToldAsync();
        await AppendAsync("s-1", 2, [Sample.End("s-1", 3)], SessionStatus.Completed);
        for (var i = 0; i < 10; i++) run.Note("s-1");
        gate.SetResult();

        Assert.Equal(("s-1", 3L), Names(await ToldAsync()));
        await NothingMoreAsync(run);
        Assert.Equal(1, most);
    }

    [Fact]
    public async Task More_sessions_than_are_kept_in_mind_are_told_of_all_the_same()
    {
        var gate = new TaskCompletionSource();
        var run = await StartAsync(observe: _ => gate.Task);
        var many = ObserverRun.MostKnown + 50;
        for (var i = 0; i < many; i++)
        {
            await EndAsync($"s-{i}");
            run.Note($"s-{i}");
        }

        gate.SetResult();

        var told = new HashSet<string>();
        for (var i = 0; i < many; i++) Assert.True(told.Add((await ToldAsync()).Session.SessionId));
    }

    [Fact]
    public async Task Of_a_damaged_log_the_end_is_told()
    {
        // Known and no more: a run that is under way could still find the question before the end is there.
        await _memory.FollowAsync("test", Token);
        await AskAsync("s-1", 0, "one", "Good?");
        await AppendAsync("s-1", 2, [Sample.Token("s-1", 3), Sample.End("s-1", 4)], SessionStatus.Completed);
        var damaged = new BrokenBeginning(_memory);
        var run = await StartAsync(log: damaged);

        Assert.Equal(("s-1", 4L), Names(await ToldAsync()));
        await Wait.Until(() => _logged.Entries.Any(entry => entry.Id == ObserversEvents.LogDamaged), "the warning");
        await NothingMoreAsync(run);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(6, 32)]
    [InlineData(7, 60)]
    [InlineData(1000, 60)]
    public void The_waits_double_up_to_a_minute(int failures, int seconds) => Assert.Equal(TimeSpan.FromSeconds(seconds), Backoff.After(failures));

    private static (string, long) Names(SessionMoment moment) => (moment.Session.SessionId, moment.Seq);

    private static SessionEvent<NodeStateChange> Asked(string sessionId, long seq, string node, string text)
    {
        var change = Sample.State(sessionId, seq, node, NodeStatus.Suspended);
        return change with { Data = change.Data with { Prompt = new Prompt { PromptId = node, Text = text } } };
    }

    private async Task<ObserverRun> StartAsync(Func<SessionMoment, Task>? observe = null, ISessionLog? log = null)
    {
        var used = log ?? _memory;
        var run = new ObserverRun(
            "test",
            async (moment, _) =>
            {
                _told.Writer.TryWrite(moment);
                if (observe is not null) await observe(moment);
            },
            used,
            (ILogCursors)used,
            _clock,
            _logged.For<ObserverRun>());
        _runs.Add(run);
        await run.StartAsync(Token);
        return run;
    }

    private Task<SessionMoment> ToldAsync() => Wait.For(_told.Reader.ReadAsync(Token).AsTask(), "a moment");

    // Another session's moment comes behind everything that is under way.
    private async Task NothingMoreAsync(ObserverRun run)
    {
        var last = $"last-{Guid.NewGuid():N}";
        await EndAsync(last);
        run.Note(last);
        Assert.Equal((last, 1L), Names(await ToldAsync()));
        await Wait.Until(() => _memory.FindCursorAsync("test", last, Token).Result == 1, "the note of it");
        Assert.False(_told.Reader.TryRead(out _));
    }

    private async Task FollowedAsync()
    {
        await Wait.Until(
            () =>
            {
                _ = _memory.CreateAsync(Sample.Header("probe"), Token);
                return _memory.FindCursorAsync("test", "probe", Token).Result is not null;
            },
            "the observer to be known");
    }

    private async Task AskAsync(string sessionId, long seq, string node, string text)
    {
        await _memory.CreateAsync(Sample.Header(sessionId), Token);
        await AppendAsync(sessionId, seq, [Sample.Token(sessionId, seq + 1), Asked(sessionId, seq + 2, node, text)], SessionStatus.Paused);
    }

    private Task EndAsync(string sessionId) => _memory.FinishAsync(sessionId, []);

    private Task AppendAsync(string sessionId, long seq, IReadOnlyList<SessionEvent> events, string status) => _memory.AppendAsync(sessionId, seq, events, status, Token);

    /// <summary>Fails so many times, and then works.</summary>
    private sealed class FailingLog(ISessionLog inner) : DelegatingSessionLog(inner)
    {
        public int Follows { get; set; }

        public int Moves { get; set; }

        public override Task FollowAsync(string follower, CancellationToken cancellationToken) =>
            Follows-- > 0 ? throw new StorageException("the disk is full") : base.FollowAsync(follower, cancellationToken);

        public override Task MoveCursorAsync(string follower, string sessionId, long seq, CancellationToken cancellationToken) =>
            Moves-- > 0 ? throw new StorageException("the disk is full") : base.MoveCursorAsync(follower, sessionId, seq, cancellationToken);
    }

    private sealed class BrokenBeginning(ISessionLog inner) : DelegatingSessionLog(inner)
    {
        public override Task<IReadOnlyList<LoggedEvent>> ReadAsync(string sessionId, long afterSeq, ReadLimit limit, CancellationToken cancellationToken) =>
            sessionId == "s-1" && afterSeq < 3 ? throw new DamagedLogException("a row is damaged") : base.ReadAsync(sessionId, afterSeq, limit, cancellationToken);
    }
}
