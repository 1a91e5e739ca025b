using Gateway.Contracts;
using Gateway.Log;
using Gateway.Tests.Inbox;
using Xunit;

namespace Gateway.Tests.Log;

/// <summary>What every store keeps of the prompts that wait.</summary>
public abstract partial class SessionLogSuite
{
    private static readonly ReadLimit Many = 100;

    private ILogPrompts Prompts => (ILogPrompts)Log;

    /// <summary>How many random sessions its index is held against; fewer for a store that takes its time.</summary>
    protected virtual int RandomSessions => 200;

    [Fact]
    public async Task Prompts_wait_from_the_append_that_opens_them_to_the_one_that_closes_them()
    {
        await Log.FillAsync("s-1", 1);
        var opened = Opened("review", 2) with { Prompt = new Prompt { PromptId = "review", Text = "Gut? \"日本\"", Assignees = ["ann", "bob"], ExpiresAt = Sample.Start.AddHours(1), Actions = [new PromptAction { Id = "approve" }] } };
        await ChangeAsync("s-1", 1, opened);

        var logged = Assert.Single((await WaitingAsync()).Prompts);
        Assert.True(logged.IsOpen);
        Assert.Equal(("s-1", "debate", "review", "review", 2L, Sample.Start.AddTicks(2)), (logged.Prompt.SessionId, logged.Prompt.WorkflowId, logged.Prompt.NodeId, logged.Prompt.PromptId, logged.Prompt.Seq, logged.Prompt.Since));
        Assert.Equal((DateTimeKind.Utc, DateTimeKind.Utc), (logged.Prompt.Since.Kind, logged.At.Kind));
        Assert.Equal(("Gut? \"日本\"", Sample.Start.AddHours(1), "approve"), (logged.Prompt.Prompt!.Text, logged.Prompt.Prompt.ExpiresAt, logged.Prompt.Prompt.Actions![0].Id));
        Assert.Equal(["ann", "bob"], logged.Assignees);

        await ChangeAsync("s-1", 2, Closed("review", 3) with { Outcome = PromptOutcome.Answered, By = "ann" });
        Assert.Empty((await WaitingAsync()).Prompts);
        var closed = Assert.Single((await Prompts.ReadPromptChangesAsync(logged.Change, 0, Many, Token)).Prompts);
        Assert.Equal((logged.Number, false, PromptOutcome.Answered, "ann", 3L), (closed.Number, closed.IsOpen, closed.Prompt.Outcome, closed.Prompt.By, closed.Prompt.Seq));
        Assert.Equal(["ann", "bob"], closed.Assignees);
    }

    [Fact]
    public async Task A_prompt_that_is_shown_once_more_has_waited_since_the_first_time()
    {
        await Log.FillAsync("s-1", 1);
        await ChangeAsync("s-1", 1, Opened("review", 2));
        var before = await WaitingAsync();
        await ChangeAsync("s-1", 2, Opened("review", 3) with { Prompt = new Prompt { PromptId = "review", Text = "Once more" } });

        var after = await WaitingAsync();
        var logged = Assert.Single(after.Prompts);
        Assert.Equal((before.Prompts[0].Number, before.Prompts[0].Prompt.Since, "Once more", 3L), (logged.Number, logged.Prompt.Since, logged.Prompt.Prompt!.Text, logged.Prompt.Seq));
        Assert.True(logged.Change > before.LastChange);
        Assert.Equal(logged.Change, after.LastChange);
    }

    [Theory]
    [InlineData("append")]
    [InlineData("mend")]
    [InlineData("delete")]
    public async Task Nothing_of_a_session_waits_any_more_when_it_is_over(string end)
    {
        await Log.FillAsync("s-1", 1);
        await Log.FillAsync("s-2", 1);
        await ChangeAsync("s-1", 1, Opened("one", 2), Opened("two", 2));
        await ChangeAsync("s-2", 1, Opened("one", 2));
        var known = (await WaitingAsync()).LastChange;
        switch (end)
        {
            case "append": await Log.AppendAsync("s-1", 2, [Sample.End("s-1", 3)], SessionStatus.Cancelled, Token); break;
            case "mend": Assert.True(await Log.MendAsync("s-1", SessionStatus.Failed, Token)); break;
            default: Assert.True(await Log.DeleteAsync("s-1", Token)); break;
        }

        Assert.Equal("s-2", Assert.Single((await WaitingAsync()).Prompts).Prompt.SessionId);
        var closed = (await Prompts.ReadPromptChangesAsync(known, 0, Many, Token)).Prompts;
        Assert.Equal(["one", "two"], closed.Select(logged => logged.Prompt.PromptId).Order());
        Assert.All(closed, logged => Assert.Equal(("s-1", false, PromptOutcome.Withdrawn), (logged.Prompt.SessionId, logged.IsOpen, logged.Prompt.Outcome)));
    }

    [Fact]
    public async Task A_refused_append_changes_no_prompt()
    {
        await Log.FillAsync("s-1", 1);
        await Assert.ThrowsAsync<LogConflictException>(() => Log.AppendAsync("s-1", 5, Sample.Tokens("s-1", 5, 1), new SessionStanding(SessionStatus.Paused, Prompts: [Opened("review", 6)]), Token));
        await Assert.ThrowsAsync<StorageException>(() => Log.AppendAsync("s-9", 0, Sample.Tokens("s-9", 0, 1), new SessionStanding(SessionStatus.Paused, Prompts: [Opened("review", 1)]), Token));
        Assert.Equal((0, 0L), ((await WaitingAsync()).Prompts.Count, (await WaitingAsync()).LastChange));
    }

    [Fact]
    public async Task Prompts_are_listed_by_page_assignee_workflow_and_age()
    {
        foreach (var (id, minutes, assignees) in new (string, int, IReadOnlyList<string>?)[] { ("s-1", 10, null), ("s-2", 20, ["ann"]), ("s-3", 30, ["bob", "ann"]), ("s-4", 40, ["bob"]) })
        {
            Assert.Null(await Log.CreateAsync(Sample.Header(id, workflowId: id == "s-1" ? "other" : "debate"), Token));
            await Log.AppendAsync(id, 0, Sample.Tokens(id, 0, 1), SessionStatus.Running, Token);
            await ChangeAsync(id, 1, Opened("review", 2) with { At = Sample.Start.AddMinutes(minutes), Prompt = new Prompt { PromptId = "review", Text = "?", Assignees = assignees } });
        }

        Assert.Equal(["s-1", "s-2", "s-3"], await IdsAsync(new PromptQuery(0, Many) { Assignee = "ann" }));
        Assert.Equal(["s-1"], await IdsAsync(new PromptQuery(0, Many) { Assignee = "an" }));
        Assert.Equal(["s-2", "s-3", "s-4"], await IdsAsync(new PromptQuery(0, Many) { WorkflowId = "debate" }));
        Assert.Equal(["s-1", "s-2"], await IdsAsync(new PromptQuery(0, Many) { Since = Sample.Start.AddMinutes(20) }));
        Assert.Equal(["s-2"], await IdsAsync(new PromptQuery(0, Many) { Since = Sample.Start.AddMinutes(20), Assignee = "ann", WorkflowId = "debate" }));

        var first = await Prompts.ListPromptsAsync(new PromptQuery(0, 1) { Assignee = "bob" }, Token);
        var second = await Prompts.ListPromptsAsync(new PromptQuery(first.Prompts[0].Number, 2) { Assignee = "bob" }, Token);
        Assert.Equal((true, false), (first.HasMore, second.HasMore));
        Assert.Equal(["s-1", "s-3", "s-4"], first.Prompts.Concat(second.Prompts).Select(logged => logged.Prompt.SessionId));
    }

    [Fact]
    public async Task Changes_are_told_once_they_can_be_read()
    {
        await Log.FillAsync("s-1", 1);
        var told = new List<bool>();
        Prompts.PromptsChanged += () => told.Add(true);
        await Log.AppendAsync("s-1", 1, Sample.Tokens("s-1", 1, 1), SessionStatus.Running, Token);
        Assert.Empty(told);
        await ChangeAsync("s-1", 2, Opened("review", 3));
        await Gateway.Tests.Infrastructure.Wait.Until(() => told.Count == 1, "the news of a prompt");
        await Log.AppendAsync("s-1", 3, [Sample.End("s-1", 4)], SessionStatus.Completed, Token);
        await Gateway.Tests.Infrastructure.Wait.Until(() => told.Count == 2, "the news that it waits no more");
    }

    [Fact]
    public async Task What_waits_no_more_is_forgotten_after_a_while_and_what_waits_is_not()
    {
        await Log.FillAsync("s-1", 1);
        await ChangeAsync("s-1", 1, Opened("stays", 2));
        var seq = 2L;
        for (var i = 0; i < LoggedPrompts.Remembered / 1000 + 1; i++)
        {
            await ChangeAsync("s-1", seq++, [.. Enumerable.Range(0, 500).SelectMany(n => new[] { Opened($"p{n}", seq), Closed($"p{n}", seq) })]);
        }

        var all = await Prompts.ReadPromptChangesAsync(0, 0, 100_000, Token);
        Assert.Equal(1L, all.Prompts[0].Change);
        Assert.True(all.RememberedFrom > 1);
        Assert.InRange(all.Prompts[1].Change, all.RememberedFrom, all.RememberedFrom + 2);
        Assert.Equal("stays", Assert.Single((await WaitingAsync()).Prompts).Prompt.PromptId);
    }

    [Fact]
    public void The_index_of_prompts_is_the_fold_of_random_sessions() => PromptIndexProperty.Check(Open, CloseAsync, RandomSessions);

    private static PromptChange Opened(string id, long seq) => new() { PromptId = id, NodeId = id, Seq = seq, At = Sample.Start.AddTicks(seq), Prompt = new Prompt { PromptId = id, Text = "Good?" } };

    private static PromptChange Closed(string id, long seq) => new() { PromptId = id, NodeId = id, Seq = seq, At = Sample.Start.AddTicks(seq), Outcome = PromptOutcome.Answered };

    private Task ChangeAsync(string id, long lastSeq, params PromptChange[] changes) =>
        Log.AppendAsync(id, lastSeq, Sample.Tokens(id, lastSeq, 1), new SessionStanding(SessionStatus.Paused, Prompts: changes), Token);

    private Task<LoggedPrompts> WaitingAsync() => Prompts.ListPromptsAsync(new PromptQuery(0, Many), Token);

    private async Task<IEnumerable<string>> IdsAsync(PromptQuery query) => (await Prompts.ListPromptsAsync(query, Token)).Prompts.Select(logged => logged.Prompt.SessionId);
}
