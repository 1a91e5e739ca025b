using System.Text.Json;
using Gateway.Contracts;
using Gateway.Log;
using Gateway.Tests.Infrastructure;
using Xunit;

namespace Gateway.Tests.Log;

/// <summary>What every store keeps, whatever it is made of.</summary>
public abstract partial class SessionLogSuite : IAsyncLifetime
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    protected ISessionLog Log { get; private set; } = null!;

    private ILogHistory History => (ILogHistory)Log;

    private ILogCursors Cursors => (ILogCursors)Log;

    protected abstract ISessionLog Open();

    protected abstract ValueTask CloseAsync(ISessionLog log);

    public ValueTask InitializeAsync()
    {
        Log = Open();
        return ValueTask.CompletedTask;
    }

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await CloseAsync(Log);
    }

    [Fact]
    public async Task Created_session_is_found_with_its_whole_header()
    {
        var header = Sample.Header("s-1");
        Assert.Null(await Log.CreateAsync(header, Token));

        var entry = await Log.FindAsync("s-1", Token);

        Assert.NotNull(entry);
        Assert.Equal(JsonSerializer.Serialize(header), JsonSerializer.Serialize(entry.Header));
        Assert.Equal(DateTimeKind.Utc, entry.Header.CreatedAt.Kind);
        Assert.Equal((SessionStatus.Running, 0L, header.CreatedAt), (entry.Status, entry.LastSeq, entry.UpdatedAt));
    }

    [Fact]
    public async Task Creating_a_session_again_returns_the_first_header_and_changes_nothing()
    {
        await Log.FillAsync("s-1", 2);

        var existing = await Log.CreateAsync(Sample.Header("s-1", workflowId: "other"), Token);

        Assert.Equal("debate", existing?.WorkflowId);
        Assert.Equal(2, (await Log.FindAsync("s-1", Token))?.LastSeq);
    }

    [Fact]
    public async Task Sessions_to_wake_are_listed_by_their_times_until_they_stand_otherwise()
    {
        var noon = new DateTime(2026, 1, 2, 12, 0, 0, DateTimeKind.Utc);
        foreach (var (id, minutes) in new[] { ("s-1", 30), ("s-2", 10), ("s-3", 20) })
        {
            await Log.FillAsync(id, 1);
            await Log.AppendAsync(id, 1, Sample.Tokens(id, 1, 1), new SessionStanding(SessionStatus.Paused, noon.AddMinutes(minutes)), Token);
        }

        Assert.Equal(["s-2", "s-3"], await Log.ListDueAsync(noon.AddMinutes(20), Token));
        Assert.Equal(noon.AddMinutes(30), await Log.FindNextDueAsync(noon.AddMinutes(20), Token));
        Assert.Null(await Log.FindNextDueAsync(noon.AddMinutes(30), Token));

        await Log.AppendAsync("s-2", 2, Sample.Tokens("s-2", 2, 1), new SessionStanding(SessionStatus.Paused, noon.AddMinutes(40)), Token);
        await Log.AppendAsync("s-3", 2, Sample.Tokens("s-3", 2, 1), SessionStatus.Paused, Token);
        Assert.Equal(["s-1", "s-2"], await Log.ListDueAsync(noon.AddDays(1), Token));
        await Log.MendAsync("s-1", status: null, Token);
        Assert.Equal(["s-1", "s-2"], await Log.ListDueAsync(noon.AddDays(1), Token));
        await Log.MendAsync("s-1", SessionStatus.Failed, Token);
        await Log.DeleteAsync("s-2", Token);
        Assert.Empty(await Log.ListDueAsync(noon.AddDays(1), Token));
    }

    [Fact]
    public async Task Unknown_session_is_not_found_and_reads_as_empty()
    {
        Assert.Null(await Log.FindAsync("s-1", Token));
        Assert.Empty(await Log.ReadAsync("s-1", 0, 10, Token));
        Assert.False(await Log.DeleteAsync("s-1", Token));
        await Assert.ThrowsAsync<StorageException>(() => Log.AppendAsync("s-1", 0, Sample.Tokens("s-1", 0, 1), SessionStatus.Running, Token));
    }

    [Fact]
    public async Task Appended_events_are_read_as_they_were_written()
    {
        await Log.CreateAsync(Sample.Header("s-1"), Token);
        SessionEvent[] events = [Sample.State("s-1", 1, "pro", NodeStatus.Running, attempt: 2), Sample.Token("s-1", 2), Sample.End("s-1", 3)];
        await Log.AppendAsync("s-1", 0, events, SessionStatus.Completed, Token);

        var read = await Log.ReadAllAsync("s-1");

        Assert.Equal([1L, 2L, 3L], read.Select(e => e.Seq));
        Assert.Equal(events, read.Select(e => e.Event));
        Assert.Equal(events.Select(EventSerializer.Serialize), read.Select(e => e.Json));
    }

    [Fact]
    public async Task Append_moves_the_end_the_status_and_the_time()
    {
        await Log.FillAsync("s-1", 3);
        await Log.AppendAsync("s-1", 3, [Sample.Token("s-1", 4)], SessionStatus.Paused, Token);

        var entry = await Log.FindAsync("s-1", Token);

        Assert.Equal((SessionStatus.Paused, 4L, Sample.Start.AddTicks(4)), (entry!.Status, entry.LastSeq, entry.UpdatedAt));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Append_that_expects_another_end_is_refused_and_writes_nothing(long expected)
    {
        await Log.FillAsync("s-1", 2);

        await Assert.ThrowsAsync<LogConflictException>(() => Log.AppendAsync("s-1", expected, Sample.Tokens("s-1", expected, 2), SessionStatus.Completed, Token));

        Assert.Equal([1L, 2L], (await Log.ReadAllAsync("s-1")).Select(e => e.Seq));
        Assert.Equal(SessionStatus.Running, (await Log.FindAsync("s-1", Token))?.Status);
    }

    [Fact]
    public async Task Of_two_writers_with_the_same_end_exactly_one_wins()
    {
        await Log.FillAsync("s-1", 2);
        var writers = Enumerable.Range(0, 8).Select(i => Task.Run(() => Log.AppendAsync("s-1", 2, [Sample.Token("s-1", 3, $"writer {i}")], SessionStatus.Running, Token))).ToList();

        var results = await Wait.For(Task.WhenAll(writers.Select(w => Record.ExceptionAsync(() => w).AsTask())), "eight appends");

        Assert.Single(results, r => r is null);
        Assert.Equal(7, results.Count(r => r is LogConflictException));
        Assert.Equal(3, (await Log.ReadAllAsync("s-1")).Count);
    }

    [Fact]
    public async Task Conflict_of_one_session_does_not_fail_appends_of_others()
    {
        foreach (var id in Enumerable.Range(0, 20)) await Log.FillAsync($"s-{id}", 1);

        var appends = Enumerable.Range(0, 20).Select(i => Record.ExceptionAsync(() => Log.AppendAsync($"s-{i}", i % 2, Sample.Tokens($"s-{i}", i % 2, 1), SessionStatus.Running, Token)).AsTask()).ToList();
        var results = await Wait.For(Task.WhenAll(appends), "twenty appends");

        for (var i = 0; i < 20; i++)
        {
            if (i % 2 == 1) Assert.Null(results[i]);
            else Assert.IsType<LogConflictException>(results[i]);
            Assert.Equal(1 + (i % 2), (await Log.FindAsync($"s-{i}", Token))?.LastSeq);
        }
    }

    [Fact]
    public async Task Append_of_no_event_or_of_wrong_seqs_is_a_bug_of_the_caller()
    {
        await Log.FillAsync("s-1", 1);

        await Assert.ThrowsAsync<ArgumentException>(() => Log.AppendAsync("s-1", 1, [], SessionStatus.Running, Token));
        await Assert.ThrowsAsync<ArgumentException>(() => Log.AppendAsync("s-1", 1, [Sample.Token("s-1", 2), Sample.Token("s-1", 4)], SessionStatus.Running, Token));
    }

    [Theory]
    [InlineData(0, 3, new long[] { 1, 2, 3 })]
    [InlineData(2, 2, new long[] { 3, 4 })]
    [InlineData(4, 10, new long[] { 5 })]
    [InlineData(5, 10, new long[0])]
    [InlineData(99, 10, new long[0])]
    [InlineData(2, 0, new long[0])]
    public async Task Read_returns_the_window_asked_for(long afterSeq, int limit, long[] expected)
    {
        await Log.FillAsync("s-1", 5);

        Assert.Equal(expected, (await Log.ReadAsync("s-1", afterSeq, limit, Token)).Select(e => e.Seq));
    }

    [Theory]
    [InlineData("nul \0 inside")]
    [InlineData("emoji 🎈👩‍👩‍👧 and 漢字")]
    [InlineData("quotes \" ' ` and \\ and \r\n\t")]
    [InlineData("'); DROP TABLE events; --")]
    [InlineData("")]
    [InlineData("<script>&amp;\u2028\uFEFF")]
    public async Task Strange_text_comes_back_unchanged(string text)
    {
        await Log.CreateAsync(Sample.Header("s-1", input: text), Token);
        await Log.AppendAsync("s-1", 0, [Sample.Token("s-1", 1, text)], SessionStatus.Running, Token);

        Assert.Equal(text, (await Log.FindAsync("s-1", Token))?.Header.Input);
        Assert.Equal(text, Assert.IsType<SessionEvent<TokenStream>>(Assert.Single(await Log.ReadAllAsync("s-1")).Event).Data.Chunk);
    }

    [Fact]
    public async Task Megabyte_of_text_in_one_event_comes_back_unchanged()
    {
        var text = string.Concat(Enumerable.Range(0, 131_072).Select(i => $"{i:x7} "));
        await Log.CreateAsync(Sample.Header("s-1"), Token);
        await Log.AppendAsync("s-1", 0, [Sample.Token("s-1", 1, text), Sample.Token("s-1", 2, "small")], SessionStatus.Running, Token);

        var read = await Log.ReadAllAsync("s-1");

        Assert.Equal(text, ((SessionEvent<TokenStream>)read[0].Event).Data.Chunk);
        Assert.Equal("small", ((SessionEvent<TokenStream>)read[1].Event).Data.Chunk);
    }

    [Fact]
    public async Task List_is_newest_first_and_pages_without_gap_or_double()
    {
        for (var i = 0; i < 7; i++) await Log.FillAsync($"s-{i}", i);

        var listed = new List<SessionSummary>();
        string? cursor = null;
        do
        {
            var page = await Log.ListAsync(new SessionQuery(null, cursor, 3), Token);
            Assert.InRange(page.Sessions.Count, 1, 3);
            listed.AddRange(page.Sessions);
            cursor = page.NextCursor;
            if (cursor is not null && listed.Count == 3) await Log.FillAsync("s-late", 0); // Belongs before the first page: must not shift the next.
        }
        while (cursor is not null);

        Assert.Equal(["s-6", "s-5", "s-4", "s-3", "s-2", "s-1", "s-0"], listed.Select(s => s.SessionId));
        Assert.Equal([6L, 5L, 4L, 3L, 2L, 1L, 0L], listed.Select(s => s.LastSeq));
        Assert.All(listed, s => Assert.Equal(("debate", SessionStatus.Running, Sample.Start.AddTicks(7)), (s.WorkflowId, s.Status, s.CreatedAt)));
    }

    [Fact]
    public async Task List_filters_by_status_across_pages()
    {
        for (var i = 0; i < 10; i++)
        {
            if (i % 2 == 0) await Log.FillAsync($"s-{i}", 1);
            else await Log.FinishAsync($"s-{i}", []);
        }

        var first = await Log.ListAsync(new SessionQuery(SessionStatus.Completed, null, 3), Token);
        var second = await Log.ListAsync(new SessionQuery(SessionStatus.Completed, first.NextCursor, 3), Token);

        Assert.Equal(["s-9", "s-7", "s-5"], first.Sessions.Select(s => s.SessionId));
        Assert.Equal(["s-3", "s-1"], second.Sessions.Select(s => s.SessionId));
        Assert.Null(second.NextCursor);
        Assert.Empty((await Log.ListAsync(new SessionQuery("no such status", null, 3), Token)).Sessions);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("")]
    [InlineData("-1")]
    [InlineData("99999999999999999999")]
    public async Task Cursor_of_nobody_is_refused_with_a_sentence(string cursor)
    {
        var exception = await Assert.ThrowsAsync<FormatException>(() => Log.ListAsync(new SessionQuery(null, cursor, 3), Token));

        Assert.Contains("cursor", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unfinished_are_the_running_and_paused_ones_oldest_first()
    {
        string[] statuses = [SessionStatus.Running, SessionStatus.Completed, SessionStatus.Paused, SessionStatus.Failed, SessionStatus.Cancelled, SessionStatus.Running];
        for (var i = 0; i < statuses.Length; i++)
        {
            await Log.FillAsync($"s-{i}", 0);
            await Log.AppendAsync($"s-{i}", 0, Sample.Tokens($"s-{i}", 0, 1), statuses[i], Token);
        }

        await Log.AppendAsync("s-5", 1, Sample.Tokens("s-5", 1, 1), SessionStatus.Completed, Token);

        Assert.Equal(["s-0", "s-2"], await Log.ListUnfinishedAsync(Token));
    }

    [Fact]
    public async Task Deleted_session_is_gone_and_its_id_is_free_again()
    {
        await Log.FillAsync("s-1", 2000);
        await Log.FillAsync("s-2", 2);

        Assert.True(await Log.DeleteAsync("s-1", Token));

        Assert.Null(await Log.FindAsync("s-1", Token));
        Assert.Empty(await Log.ReadAsync("s-1", 0, 10, Token));
        Assert.Equal(["s-2"], (await Log.ListAsync(new SessionQuery(null, null, 10), Token)).Sessions.Select(s => s.SessionId));
        Assert.Equal(["s-2"], await Log.ListUnfinishedAsync(Token));
        Assert.False(await Log.DeleteAsync("s-1", Token));

        await Log.FillAsync("s-1", 1);
        Assert.Equal("token 1 ", ((SessionEvent<TokenStream>)Assert.Single(await Log.ReadAllAsync("s-1")).Event).Data.Chunk);
        Assert.Equal(2, (await Log.ReadAllAsync("s-2")).Count);
    }

    [Fact]
    public async Task Many_sessions_append_at_once_and_each_log_is_whole_and_in_order()
    {
        const int Sessions = 50;
        const int Appends = 40;
        await Wait.For(
            Task.WhenAll(Enumerable.Range(0, Sessions).Select(i => Task.Run(async () =>
            {
                var id = $"s-{i}";
                await Log.FillAsync(id, 0);
                var seq = 0L;
                for (var j = 0; j < Appends; j++)
                {
                    var events = Sample.Tokens(id, seq, 1 + ((i + j) % 3));
                    await Log.AppendAsync(id, seq, events, SessionStatus.Running, Token);
                    seq = events[^1].Seq;
                    // What was appended is there at once, for every reader.
                    Assert.Equal(seq, Assert.Single(await Log.ReadAsync(id, seq - 1, 10, Token)).Seq);
                }
            }))),
            "all appends");

        for (var i = 0; i < Sessions; i++)
        {
            var read = await Log.ReadAllAsync($"s-{i}", window: 7);
            Assert.Equal(Enumerable.Range(1, read.Count).Select(n => $"token {n} "), read.Select(e => ((SessionEvent<TokenStream>)e.Event).Data.Chunk));
            Assert.Equal(read.Count, (await Log.FindAsync($"s-{i}", Token))?.LastSeq);
        }
    }

    [Fact]
    public async Task Readers_follow_a_growing_log_without_gap()
    {
        const int Count = 600;
        await Log.FillAsync("s-1", 0);
        var grown = new SemaphoreSlim(0);
        var readers = Enumerable.Range(0, 3).Select(r => Task.Run(async () =>
        {
            var seq = 0L;
            while (seq < Count)
            {
                var events = await Log.ReadAsync("s-1", seq, 50, Token);
                if (events.Count == 0) await grown.WaitAsync(Token);
                foreach (var logged in events) Assert.Equal(++seq, logged.Seq);
            }
        })).ToList();

        for (var seq = 0; seq < Count; seq++)
        {
            await Log.AppendAsync("s-1", seq, Sample.Tokens("s-1", seq, 1), SessionStatus.Running, Token);
            grown.Release(readers.Count);
        }

        await Wait.For(Task.WhenAll(readers), $"three readers at event {Count}");
    }

    [Fact]
    public async Task Cancelled_call_ends_as_cancelled()
    {
        await Log.FillAsync("s-1", 1);
        var cancelled = new CancellationToken(canceled: true);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Log.AppendAsync("s-1", 1, Sample.Tokens("s-1", 1, 1), SessionStatus.Running, cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Log.CreateAsync(Sample.Header("s-2"), cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Log.ReadAsync("s-1", 0, 1, cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Log.FindAsync("s-1", cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Log.ListAsync(new SessionQuery(null, null, 1), cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Log.ListUnfinishedAsync(cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Log.DeleteAsync("s-1", cancelled));
        Assert.Single(await Log.ReadAllAsync("s-1"));
    }

    [Fact]
    public async Task Retention_by_age_deletes_only_finished_sessions_that_ended_before()
    {
        await Log.FillAsync("running", 1);
        await Log.FinishAsync("old", [], Sample.Start.AddDays(1));
        await Log.FinishAsync("edge", [], Sample.Start.AddDays(2));
        await Log.FinishAsync("new", [], Sample.Start.AddDays(3));

        Assert.Equal(["old"], await History.DeleteFinishedAsync(Sample.Start.AddDays(2), null, 10, Token));
        Assert.Empty(await History.DeleteFinishedAsync(Sample.Start.AddDays(2), null, 10, Token));

        Assert.Equal(["new", "edge", "running"], await IdsAsync());
    }

    [Fact]
    public async Task Retention_by_count_keeps_those_that_ended_last()
    {
        await Log.FinishAsync("ended-third", [], Sample.Start.AddDays(3));
        await Log.FinishAsync("ended-first", [], Sample.Start.AddDays(1));
        await Log.FinishAsync("ended-second", [], Sample.Start.AddDays(2));
        await Log.FillAsync("running", 1);

        Assert.Equal(["ended-first"], await History.DeleteFinishedAsync(null, 2, 10, Token));

        Assert.Equal(["running", "ended-second", "ended-third"], await IdsAsync());
    }

    [Fact]
    public async Task Retention_goes_in_steps_of_the_limit_until_nothing_is_left()
    {
        for (var i = 0; i < 5; i++) await Log.FinishAsync($"s-{i}", Sample.Tokens($"s-{i}", 0, 3), Sample.Start.AddDays(i));

        var steps = new List<IReadOnlyList<string>>();
        do steps.Add(await History.DeleteFinishedAsync(null, 1, 3, Token));
        while (steps[^1].Count > 0);

        Assert.Equal(["s-0", "s-1", "s-2", "s-3"], steps.SelectMany(s => s).Order());
        Assert.All(steps, s => Assert.InRange(s.Count, 0, 3));
        Assert.Equal(["s-4"], await IdsAsync());
        Assert.Equal(4, (await Log.ReadAllAsync("s-4")).Count);
    }

    [Fact]
    public async Task Compaction_merges_neighbouring_chunks_of_one_speaker()
    {
        await Log.FinishAsync("s-1",
        [
            Sample.Token("s-1", 1, "a"), Sample.Token("s-1", 2, "b"), Sample.Token("s-1", 3, "c"),
            Sample.Token("s-1", 4, "x", node: "contra"),
            Sample.Token("s-1", 5, "d"), Sample.Token("s-1", 6, "e", thinking: true),
            Sample.Token("s-1", 7, "hi", node: null, agent: TokenStream.UserAgentId), Sample.Token("s-1", 8, "ho", node: null, agent: TokenStream.UserAgentId),
        ]);

        Assert.Equal(1, await History.CompactAsync(10, Token));

        var read = await Log.ReadAllAsync("s-1");
        Assert.Equal([3L, 4L, 5L, 6L, 7L, 8L, 9L], read.Select(e => e.Seq));
        Assert.Equal(Sample.Token("s-1", 3, "abc") with { MergedFrom = 1 }, read[0].Event);
        Assert.All(read.Skip(1), e => Assert.Null(e.Event.MergedFrom));
        Assert.Equal(9, (await Log.FindAsync("s-1", Token))?.LastSeq);
    }

    [Theory]
    [InlineData(1, "bc", 2L)]
    [InlineData(2, "c", null)]
    public async Task Read_from_inside_a_merged_run_returns_exactly_the_rest(long afterSeq, string rest, long? mergedFrom)
    {
        await Log.FinishAsync("s-1", [Sample.Token("s-1", 1, "a"), Sample.Token("s-1", 2, "b"), Sample.Token("s-1", 3, "c")]);
        await History.CompactAsync(10, Token);

        var read = await Log.ReadAsync("s-1", afterSeq, 10, Token);

        Assert.Equal([3L, 4L], read.Select(e => e.Seq));
        Assert.Equal(Sample.Token("s-1", 3, rest) with { MergedFrom = mergedFrom }, read[0].Event);
        Assert.Equal(EventSerializer.Serialize(read[0].Event), read[0].Json);
    }

    [Fact]
    public async Task Compaction_leaves_unfinished_sessions_alone_and_ends()
    {
        await Log.FillAsync("running", 5);
        await Log.FinishAsync("s-1", Sample.Tokens("s-1", 0, 5));
        await Log.FinishAsync("s-2", Sample.Tokens("s-2", 0, 5));

        Assert.Equal(1, await History.CompactAsync(1, Token));
        Assert.Equal(1, await History.CompactAsync(10, Token));
        Assert.Equal(0, await History.CompactAsync(10, Token));

        Assert.Equal(5, (await Log.ReadAllAsync("running")).Count);
        Assert.Equal(2, (await Log.ReadAllAsync("s-1")).Count);
        Assert.Equal(2, (await Log.ReadAllAsync("s-2")).Count);
    }

    [Fact]
    public async Task A_follower_begins_at_the_end_of_what_is_there()
    {
        await Log.FinishAsync("ended", Sample.Tokens("ended", 0, 2));
        await Log.FillAsync("running", 2);

        await Cursors.FollowAsync("mail", Token);
        await Log.FillAsync("new", 1);

        Assert.Equal([3L, 2L, 0L], new[] { await CursorAsync("ended"), await CursorAsync("running"), await CursorAsync("new") });
        Assert.Equal(["new"], await BehindAsync());
        await Log.AppendAsync("running", 2, [Sample.Token("running", 3)], SessionStatus.Running, Token);
        Assert.Equal(["running", "new"], await BehindAsync());
    }

    [Fact]
    public async Task A_cursor_stays_where_it_was_moved_to_and_never_goes_back()
    {
        await Cursors.FollowAsync("mail", Token);
        await Log.FillAsync("s-1", 5);

        await Cursors.MoveCursorAsync("mail", "s-1", 3, Token);
        await Cursors.MoveCursorAsync("mail", "s-1", 2, Token);
        await Cursors.FollowAsync("mail", Token);
        Assert.Equal(3, await CursorAsync("s-1"));
        Assert.Equal(["s-1"], await BehindAsync());

        await Cursors.MoveCursorAsync("mail", "s-1", 5, Token);
        Assert.Empty(await BehindAsync());
    }

    [Fact]
    public async Task Each_follower_has_cursors_of_its_own()
    {
        await Cursors.FollowAsync("mail", Token);
        await Cursors.FollowAsync("bill", Token);
        await Log.FillAsync("s-1", 5);

        await Cursors.MoveCursorAsync("mail", "s-1", 5, Token);

        Assert.Equal((5L, 0L), (await CursorAsync("s-1"), await Cursors.FindCursorAsync("bill", "s-1", Token)));
        Assert.Empty(await BehindAsync());
        Assert.Single(await Cursors.ListBehindAsync("bill", 0, 10, Token));
    }

    [Fact]
    public async Task Cursors_go_with_their_session()
    {
        await Cursors.FollowAsync("mail", Token);
        await Log.FillAsync("s-1", 5);
        await Cursors.MoveCursorAsync("mail", "s-1", 4, Token);

        await Log.DeleteAsync("s-1", Token);

        Assert.Null(await CursorAsync("s-1"));
        Assert.Empty(await BehindAsync());
        await Cursors.MoveCursorAsync("mail", "s-1", 5, Token);
        await Log.FillAsync("s-1", 1);
        Assert.Equal(0, await CursorAsync("s-1"));
    }

    [Fact]
    public async Task A_follower_that_nobody_knows_is_nowhere()
    {
        await Log.FillAsync("s-1", 5);

        Assert.Null(await CursorAsync("s-1"));
        Assert.Empty(await BehindAsync());
        await Cursors.MoveCursorAsync("mail", "s-1", 5, Token);
        Assert.Null(await CursorAsync("s-1"));
    }

    [Fact]
    public async Task Who_is_behind_is_listed_a_page_at_a_time()
    {
        await Cursors.FollowAsync("mail", Token);
        for (var i = 0; i < 5; i++) await Log.FillAsync($"s-{i}", 1);
        await Cursors.MoveCursorAsync("mail", "s-1", 1, Token);

        var first = await Cursors.ListBehindAsync("mail", 0, 2, Token);
        var second = await Cursors.ListBehindAsync("mail", first[^1].Number, 2, Token);

        Assert.Equal(["s-0", "s-2", "s-3", "s-4"], first.Concat(second).Select(session => session.SessionId));
        Assert.Empty(await Cursors.ListBehindAsync("mail", second[^1].Number, 2, Token));
    }

    [Fact]
    public void Compaction_changes_no_readers_fold_wherever_it_starts() => CompactionProperty.Check(Open, CloseAsync);

    [Fact]
    public void Random_operations_agree_with_a_simple_model() => SessionLogModel.Check(Open, CloseAsync);

    private Task<long?> CursorAsync(string sessionId) => Cursors.FindCursorAsync("mail", sessionId, Token);

    private async Task<IEnumerable<string>> BehindAsync() => (await Cursors.ListBehindAsync("mail", 0, 10, Token)).Select(session => session.SessionId);

    private async Task<IEnumerable<string>> IdsAsync() =>
        (await Log.ListAsync(new SessionQuery(null, null, 100), Token)).Sessions.Select(s => s.SessionId);
}
