using Gateway.Contracts;
using Gateway.Inbox;
using Gateway.Log;
using Gateway.Log.Memory;
using Gateway.Tests.Infrastructure;
using Gateway.Tests.Log;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Gateway.Tests.Inbox;

/// <summary>Watchers against a store that has forgotten, goes on meanwhile, or fails.</summary>
public sealed class InboxFeedTests : IDisposable
{
    private const string Session = "s-1";

    private readonly RecordedReads _store = new();
    private readonly FakeTimeProvider _time = new();
    private readonly TestLog _log = new();
    private readonly InboxFeed _feed;
    private long _seq = 1;

    public InboxFeedTests() => _feed = new InboxFeed(_store, _time, _log.For<InboxFeed>());

    public void Dispose()
    {
        _feed.Dispose();
        _log.Check();
        _log.Dispose();
    }

    [Fact]
    public async Task A_new_watcher_of_more_than_a_page_comes_to_the_present_though_the_store_has_forgotten_its_beginning()
    {
        await _store.FillAsync(Session, 1);
        var waiting = Enumerable.Range(0, 500).Select(n => $"stays-{n}").ToList();
        await ChangeAsync([.. waiting.Select(Opened)]);
        await PassAsync(LoggedPrompts.Remembered + 1000);
        _store.AfterFirstPage = () => ChangeAsync(Closed("stays-0"), Closed("stays-499"), Opened("late"));

        await using var watcher = Watch(null);
        Assert.Equal(InboxEvents.Reset, (await NextAsync(watcher)).Event);
        var known = new List<string>();
        while (!known.Contains("late"))
        {
            var frame = await NextAsync(watcher);
            if (frame.Event == InboxEvents.Opened) known.Add(frame.Data!.PromptId);
            else Assert.True(frame.Event == InboxEvents.Closed && known.Remove(frame.Data!.PromptId), $"{frame.Event} of {frame.Data?.PromptId}");
        }

        Assert.Equal(waiting.Except(["stays-0", "stays-499"]).Append("late"), known);
        Assert.InRange(_store.RowsRead, 500, 520);
    }

    [Fact]
    public async Task Who_comes_back_to_a_feed_that_slept_while_the_store_forgot_begins_anew()
    {
        await _store.FillAsync(Session, 1);
        await ChangeAsync(Opened("stays"), Opened("goes"));
        string position;
        await using (var watcher = Watch(null))
        {
            await NextAsync(watcher);
            await NextAsync(watcher);
            position = (await NextAsync(watcher)).Position;
        }

        await ChangeAsync(Closed("goes"));
        await PassAsync(LoggedPrompts.Remembered + 100);

        await using var again = Watch(position);
        Assert.Equal(InboxEvents.Reset, (await NextAsync(again)).Event);
        Assert.Equal("stays", (await NextAsync(again)).Data!.PromptId);
    }

    [Fact]
    public async Task Large_changes_are_not_all_kept_and_are_read_again()
    {
        await _store.FillAsync(Session, 1);
        await ChangeAsync(Opened("first"));
        await using var watcher = Watch(null);
        await NextAsync(watcher);
        var position = (await NextAsync(watcher)).Position;
        var text = new string('x', 100_000);
        for (var i = 0; i < 60; i++)
        {
            await ChangeAsync(Opened($"large-{i}") with { Prompt = new Prompt { PromptId = $"large-{i}", Text = text } });
            Assert.Equal($"large-{i}", (await NextAsync(watcher)).Data!.PromptId);
        }

        var before = _store.RowsRead;
        await using var other = Watch(position);
        for (var i = 0; i < 60; i++) Assert.Equal($"large-{i}", (await NextAsync(other)).Data!.PromptId);
        Assert.True(_store.RowsRead > before, "All changes were kept.");
    }

    [Fact]
    public async Task A_store_that_fails_for_a_while_is_waited_for_and_told_of_once()
    {
        _log.Announce(GatewayEvents.PromptsUnreadable);
        await _store.FillAsync(Session, 1);
        await ChangeAsync(Opened("waits"));
        _store.Failure = new StorageException("The disk is away.");
        await using var watcher = Watch(null);
        var next = watcher.MoveNextAsync().AsTask();
        for (var failed = 1; failed < 4; failed++)
        {
            await Wait.Until(() => _store.Failures >= failed, "a read that fails");
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        _store.Failure = null;
        await Wait.Until(
            () =>
            {
                _time.Advance(TimeSpan.FromSeconds(1));
                return next.IsCompleted;
            },
            "the inbox");
        Assert.True(await next);
        Assert.Equal([GatewayEvents.PromptsUnreadable, GatewayEvents.PromptsReadableAgain], _log.Entries.Select(entry => entry.Id));
    }

    private IAsyncEnumerator<InboxMessage> Watch(string? after) => _feed.WatchAsync(new WatchInbox { After = after }, TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);

    private static async Task<InboxFrame> NextAsync(IAsyncEnumerator<InboxMessage> watcher)
    {
        Assert.True(await Wait.For(watcher.MoveNextAsync().AsTask(), "a change of the inbox"));
        return watcher.Current.Frame;
    }

    // Prompts that come and go.
    private async Task PassAsync(int changes)
    {
        for (var i = 0; i < changes; i += 1000) await ChangeAsync([.. Enumerable.Range(0, 500).SelectMany(n => new[] { Opened($"passes-{n}"), Closed($"passes-{n}") })]);
    }

    private async Task ChangeAsync(params PromptChange[] changes)
    {
        await _store.AppendAsync(Session, _seq, [.. Sample.Tokens(Session, _seq, 1).Select(token => new LoggedEvent(token))], new SessionStanding(SessionStatus.Paused, Prompts: changes), TestContext.Current.CancellationToken);
        _seq++;
    }

    private static PromptChange Opened(string id) => new() { PromptId = id, NodeId = id, Seq = 2, At = Sample.Start, Prompt = new Prompt { PromptId = id, Text = "Good?" } };

    private static PromptChange Closed(string id) => new() { PromptId = id, NodeId = id, Seq = 3, At = Sample.Start, Outcome = PromptOutcome.Answered };

    // A store that tells what was read from it.
    private sealed class RecordedReads() : DelegatingSessionLog(new MemorySessionLog())
    {
        public int RowsRead { get; private set; }

        public int Failures { get; private set; }

        public StorageException? Failure { get; set; }

        public Func<Task>? AfterFirstPage { get; set; }

        public override async Task<LoggedPrompts> ReadPromptChangesAsync(long after, long closedAfter, ReadLimit limit, CancellationToken cancellationToken)
        {
            if (Failure is { } failure)
            {
                Failures++;
                throw failure;
            }

            var page = await base.ReadPromptChangesAsync(after, closedAfter, limit, cancellationToken);
            RowsRead += page.Prompts.Count;
            if (after == 0 && AfterFirstPage is { } next)
            {
                AfterFirstPage = null;
                await next();
            }

            return page;
        }
    }
}
