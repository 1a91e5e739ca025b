using Gateway.Client;
using Gateway.Contracts;
using Gateway.Tests.Browser;
using Gateway.Tests.Crash;
using Gateway.Tests.Infrastructure;
using Xunit;

namespace Gateway.Tests.EndToEnd;

/// <summary>The .NET client lists what waits for a person, watches it over lost connections, and answers it, on each wire.</summary>
public sealed class ClientInboxTests(SocketFixture gateway) : IClassFixture<SocketFixture>
{
    // Each test has a workflow of its own, and so sees what is its own.
    private readonly string _workflow = $"w-{Guid.NewGuid():N}";

    public static TheoryData<GatewayWire> Wires => [.. Enum.GetValues<GatewayWire>()];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Wires))]
    public async Task What_waits_is_listed_watched_and_answered_with_one_call(GatewayWire wire)
    {
        var (first, second) = (await StartAsync(gateway), await StartAsync(gateway));
        await using var client = await ConnectAsync(gateway.Address, wire);
        await using var inbox = Watch(client, null);
        Assert.Equal(InboxEvents.Reset, (await NextAsync(inbox)).Event);
        Assert.Equal((InboxEvents.Opened, first), Brief(await NextAsync(inbox)));
        Assert.Equal((InboxEvents.Opened, second), Brief(await NextAsync(inbox)));

        var filter = new PromptFilter { WorkflowId = _workflow, PageSize = 1 };
        var listed = await ListAsync(client, filter);
        Assert.Equal([first, second], listed.Select(prompt => prompt.SessionId));
        Assert.Empty(await ListAsync(client, filter with { OlderThan = TimeSpan.FromHours(1.5) }));
        Assert.Equal(2, (await ListAsync(client, filter with { Assignee = "Ann & Bob", OlderThan = TimeSpan.Zero, PageSize = null })).Count);

        var ack = await client.AnswerAsync(listed[0], "yes", cancellationToken: Token);
        Assert.Equal(first, ack.SessionId);
        var closed = await NextAsync(inbox);
        Assert.Equal((InboxEvents.Closed, first, PromptOutcome.Answered), (closed.Event, closed.Data!.SessionId, closed.Data.Outcome));
        Assert.True(closed.Data.Seq <= ack.Seq);
        Assert.Equal("second", (await NextAsync(inbox)).Data!.PromptId);
        Assert.Equal(ErrorCode.PromptAnswered, (await Assert.ThrowsAsync<GatewayClientException>(() => client.AnswerAsync(listed[0], "no", cancellationToken: Token))).Code);
    }

    [Theory]
    [MemberData(nameof(Wires))]
    public async Task A_line_that_is_cut_costs_no_change_and_doubles_none(GatewayWire wire)
    {
        await using var relay = new Relay(gateway.Address);
        await using var client = await ConnectAsync(relay.Address, wire);
        await using var inbox = Watch(client, null);
        Assert.Equal(InboxEvents.Reset, (await NextAsync(inbox)).Event);
        for (var round = 0; round < 4; round++)
        {
            var id = await StartAsync(gateway);
            Assert.Equal((InboxEvents.Opened, id), Brief(await NextAsync(inbox)));
            relay.Drop();
            await gateway.CommandAsync(id, "cancel");
            Assert.Equal((InboxEvents.Closed, id), Brief(await NextAsync(inbox)));
        }

        // What was opened and closed meanwhile is not told.
        relay.Refuse();
        await gateway.CommandAsync(await StartAsync(gateway), "cancel");
        var stays = await StartAsync(gateway);
        relay.Restore();
        var last = await NextAsync(inbox);
        Assert.Equal((InboxEvents.Opened, stays), Brief(last));

        // Another process goes on from there.
        await using var other = await ConnectAsync(gateway.Address, wire);
        await using var rest = Watch(other, last.Position);
        var late = await StartAsync(gateway);
        Assert.Equal((InboxEvents.Opened, late), Brief(await NextAsync(rest)));
    }

    [Theory]
    [InlineData(GatewayWire.MessagePack)]
    [InlineData(GatewayWire.WebSocket)]
    public async Task A_restart_of_the_gateway_is_a_lost_connection(GatewayWire wire)
    {
        using var folder = new TempFolder();
        var models = new GatedModels();
        await using var first = await Gateways.StartAsync(folder.At("log.db"), models);
        await using var relay = new Relay(first.Address);
        await using var client = await ConnectAsync(relay.Address, wire);
        var id = await StartAsync(first);
        await using var inbox = Watch(client, null);
        await NextAsync(inbox);
        Assert.Equal((InboxEvents.Opened, id), Brief(await NextAsync(inbox)));

        await first.DisposeAsync();
        await using var second = await Gateways.StartAsync(folder.At("log.db"), models);
        relay.Turn(second.Address);
        await second.SayAsync(id, "yes", "first");

        Assert.Equal((InboxEvents.Closed, id), Brief(await NextAsync(inbox)));
        Assert.Equal("second", (await NextAsync(inbox)).Data!.PromptId);
    }

    [Theory]
    [MemberData(nameof(Wires))]
    public async Task A_refusal_and_the_end_of_the_client_end_the_reading(GatewayWire wire)
    {
        await using var client = await ConnectAsync(gateway.Address, wire);
        await using var wrong = Watch(client, "nowhere");
        Assert.Equal(ErrorCode.InvalidData, (await Assert.ThrowsAsync<GatewayClientException>(() => NextAsync(wrong))).Code);
        Assert.Equal(ErrorCode.InvalidData, (await Assert.ThrowsAsync<GatewayClientException>(() => ListAsync(client, new PromptFilter { OlderThan = TimeSpan.FromSeconds(-1) }))).Code);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => ListAsync(client, new PromptFilter { PageSize = 501 }));

        using var leave = new CancellationTokenSource();
        await using var left = client.WatchInboxAsync(new WatchInbox { WorkflowId = _workflow }, leave.Token).GetAsyncEnumerator(Token);
        await NextAsync(left);
        var leaving = left.MoveNextAsync().AsTask();
        await leave.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Wait.For(leaving, "the end of the reading"));

        await using var inbox = Watch(client, null);
        await NextAsync(inbox);
        var reading = inbox.MoveNextAsync().AsTask();
        await client.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => Wait.For(reading, "the end of the reading"));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => ListAsync(client, new PromptFilter()));
    }

    private static Task<GatewayClient> ConnectAsync(Uri address, GatewayWire wire) =>
        GatewayClient.ConnectAsync(address, new GatewayClientOptions { Wire = wire, RetryPolicy = new ReconnectPolicy(TimeSpan.FromMilliseconds(5), TimeSpan.FromMilliseconds(20)) }, Token);

    private static Task<InboxFrame> NextAsync(IAsyncEnumerator<InboxFrame> inbox)
    {
        return Wait.For(Core(), "a change of the inbox");

        async Task<InboxFrame> Core()
        {
            Assert.True(await inbox.MoveNextAsync());
            return inbox.Current;
        }
    }

    private static (string Event, string? SessionId) Brief(InboxFrame frame) => (frame.Event, frame.Data?.SessionId);

    private static async Task<List<InboxPrompt>> ListAsync(GatewayClient client, PromptFilter filter)
    {
        var all = new List<InboxPrompt>();
        await foreach (var prompt in client.PromptsAsync(filter, Token)) all.Add(prompt);
        return all;
    }

    private IAsyncEnumerator<InboxFrame> Watch(GatewayClient client, string? after) =>
        client.WatchInboxAsync(new WatchInbox { WorkflowId = _workflow, After = after }, Token).GetAsyncEnumerator(Token);

    private async Task<string> StartAsync(GatewayFixture at)
    {
        var id = Starts.NewId();
        await at.StartSessionAsync(id, SampleWorkflows.Gates with { Id = _workflow });
        return id;
    }
}
