using System.Net;
using Gateway.Contracts;
using Gateway.Tests.Crash;
using Gateway.Tests.Infrastructure;
using Xunit;

namespace Gateway.Tests.Inbox;

/// <summary>What every wire shows of the inbox.</summary>
public abstract class InboxSuite(SocketFixture gateway) : IClassFixture<SocketFixture>
{
    // Each test has a workflow of its own, and so sees what is its own.
    private readonly string _workflow = $"w-{Guid.NewGuid():N}";

    protected GatewayFixture Gateway => gateway;

    [Fact]
    public async Task A_new_watcher_is_told_of_all_that_waits_and_then_of_each_change()
    {
        var first = await StartAsync();
        await using var inbox = await WatchAsync(null);
        Assert.Equal(InboxEvents.Reset, (await inbox.NextAsync()).Event);
        var opened = await inbox.NextAsync();
        Assert.Equal((InboxEvents.Opened, first, "first", _workflow, "first"), (opened.Event, opened.Data!.SessionId, opened.Data.NodeId, opened.Data.WorkflowId, opened.Data.PromptId));
        Assert.Equal(("Good?", opened.Timestamp), (opened.Data.Prompt!.Text, opened.Data.Since));

        var second = await StartAsync();
        Assert.Equal(second, (await inbox.NextAsync()).Data!.SessionId);
        Assert.Equal(HttpStatusCode.OK, await gateway.SayAsync(first, "yes", "first"));
        var (one, other) = (await inbox.NextAsync(), await inbox.NextAsync());
        Assert.Equal((InboxEvents.Closed, first, "first", PromptOutcome.Answered), (one.Event, one.Data!.SessionId, one.Data.PromptId, one.Data.Outcome));
        Assert.Null(one.Data.Prompt);
        Assert.Equal((InboxEvents.Opened, first, "second"), (other.Event, other.Data!.SessionId, other.Data.PromptId));
        Assert.True(other.Data.Seq > one.Data.Seq);

        await gateway.CommandAsync(second, "cancel");
        var withdrawn = await inbox.NextAsync();
        Assert.Equal((InboxEvents.Closed, second, PromptOutcome.Withdrawn), (withdrawn.Event, withdrawn.Data!.SessionId, withdrawn.Data.Outcome));
    }

    [Fact]
    public async Task Who_comes_back_is_told_what_has_changed_meanwhile_and_nothing_twice()
    {
        var stays = await StartAsync();
        var goes = await StartAsync();
        InboxFrame last;
        await using (var before = await WatchAsync(null))
        {
            await before.NextAsync();
            await before.NextAsync();
            last = await before.NextAsync();
            Assert.Equal(goes, last.Data!.SessionId);
        }

        await gateway.CommandAsync(goes, "cancel");
        await gateway.CommandAsync(await StartAsync(), "cancel");
        var comes = await StartAsync();

        await using var after = await WatchAsync(last.Position);
        var (closed, opened) = (await after.NextAsync(), await after.NextAsync());
        Assert.Equal((InboxEvents.Closed, goes), (closed.Event, closed.Data!.SessionId));
        Assert.Equal((InboxEvents.Opened, comes), (opened.Event, opened.Data!.SessionId));

        await gateway.CommandAsync(stays, "cancel");
        Assert.Equal((InboxEvents.Closed, stays), (await after.NextAsync()) is var next ? (next.Event, next.Data!.SessionId) : default);
    }

    [Theory]
    [InlineData("elsewhere.7")]
    [InlineData(null)]
    public async Task A_position_that_nobody_knows_begins_anew(string? position)
    {
        var waits = await StartAsync();
        position ??= await FarAheadAsync();
        await using var inbox = await WatchAsync(position);
        var reset = await inbox.NextAsync();
        Assert.Equal(InboxEvents.Reset, reset.Event);
        Assert.Null(reset.Data);
        Assert.Equal(waits, (await inbox.NextAsync()).Data!.SessionId);
    }

    [Fact]
    public async Task A_watcher_is_told_of_what_one_person_may_answer()
    {
        var ann = await StartAsync("ann");
        await StartAsync("bob");
        var anybody = await StartAsync();
        await using var inbox = await ConnectAsync(new WatchInbox { Assignee = "ann", WorkflowId = _workflow });
        await inbox.NextAsync();
        var (one, other) = (await inbox.NextAsync(), await inbox.NextAsync());
        Assert.Equal((ann, anybody), (one.Data!.SessionId, other.Data!.SessionId));
        await gateway.CommandAsync(ann, "cancel");
        Assert.Equal((InboxEvents.Closed, ann), (await inbox.NextAsync()) is var next ? (next.Event, next.Data!.SessionId) : default);
    }

    [Fact]
    public async Task Of_those_who_answer_from_the_inbox_the_first_wins_and_the_others_are_told()
    {
        var session = await StartAsync();
        await using var inbox = await WatchAsync(null);
        await inbox.NextAsync();
        var waits = (await inbox.NextAsync()).Data!;
        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(n => gateway.SayAsync(waits.SessionId, $"answer {n}", waits.PromptId)));
        Assert.Single(answers, HttpStatusCode.OK);
        Assert.Equal(3, answers.Count(status => status == HttpStatusCode.Conflict));
        var closed = await inbox.NextAsync();
        Assert.Equal((InboxEvents.Closed, session, PromptOutcome.Answered), (closed.Event, closed.Data!.SessionId, closed.Data.Outcome));
        Assert.Equal("second", (await inbox.NextAsync()).Data!.PromptId);
    }

    protected abstract Task<IInboxReader> ConnectAsync(WatchInbox watch);

    private Task<IInboxReader> WatchAsync(string? after) => ConnectAsync(new WatchInbox { WorkflowId = _workflow, After = after });

    private async Task<string> StartAsync(params string[] assignees)
    {
        var id = Starts.NewId();
        var workflow = SampleWorkflows.Gates with { Id = _workflow };
        if (assignees.Length > 0)
        {
            var nodes = new Dictionary<string, NodeDefinition>(workflow.Nodes!);
            nodes["first"] = nodes["first"] with { With = System.Text.Json.JsonSerializer.SerializeToElement(new { assignees }) };
            workflow = workflow with { Nodes = nodes };
        }

        await gateway.StartSessionAsync(id, workflow);
        return id;
    }

    // Of this store, but of a time that has not come.
    private async Task<string> FarAheadAsync()
    {
        await using var inbox = await WatchAsync(null);
        var position = (await inbox.NextAsync()).Position;
        return position[..(position.LastIndexOf('.') + 1)] + "99999999";
    }
}

public sealed class WebSocketInboxTests(SocketFixture gateway) : InboxSuite(gateway)
{
    protected override Task<IInboxReader> ConnectAsync(WatchInbox watch) => WebSocketInbox.ConnectAsync(Gateway, watch);
}

public sealed class SseInboxTests(SocketFixture gateway) : InboxSuite(gateway)
{
    protected override Task<IInboxReader> ConnectAsync(WatchInbox watch) => SseInbox.ConnectAsync(Gateway, watch);
}

public sealed class HubJsonInboxTests(SocketFixture gateway) : InboxSuite(gateway)
{
    protected override Task<IInboxReader> ConnectAsync(WatchInbox watch) => HubInbox.ConnectAsync(Gateway, watch, messagePack: false);
}

public sealed class HubMessagePackInboxTests(SocketFixture gateway) : InboxSuite(gateway)
{
    protected override Task<IInboxReader> ConnectAsync(WatchInbox watch) => HubInbox.ConnectAsync(Gateway, watch, messagePack: true);
}
