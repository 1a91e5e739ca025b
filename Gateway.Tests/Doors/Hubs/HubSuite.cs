using System.Text.Json;
using Gateway.Contracts;
using Gateway.Delivery;
using Gateway.Tests.Infrastructure;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Gateway.Tests.Doors.Hubs;

/// <summary>The hub's methods, on each of its protocols.</summary>
public abstract class HubSuite(GatewayFixture gateway, bool messagePack)
{
    public static TheoryData<string> SessionMethods =>
    [
        nameof(IWorkflowHub.PauseSession), nameof(IWorkflowHub.ResumeSession), nameof(IWorkflowHub.UserInput), nameof(IWorkflowHub.CancelSession),
    ];

    [Fact]
    public async Task A_ping_is_answered()
    {
        await using var hub = await ConnectAsync();

        Assert.Equal("pong", await Ask<string>(hub, nameof(IWorkflowHub.Ping)));
    }

    [Fact]
    public async Task A_start_subscribes_its_starter_from_the_first_event()
    {
        await using var hub = await ConnectAsync();

        var id = await StartAsync(hub, "quick-answer");

        var events = await ReadToEndAsync(hub);
        Assert.All(events, e => Assert.Equal(id, e.SessionId));
        Assert.Equal(Enumerable.Range(1, events.Count).Select(i => (long)i), events.Select(e => e.Seq));
    }

    [Fact]
    public async Task The_same_start_twice_is_one_session_and_other_content_is_refused()
    {
        await using var hub = await ConnectAsync();
        var start = new StartSession { WorkflowId = "reviewed-draft", Subject = "A letter", SessionId = Starts.NewId() };

        Assert.Equal(start.SessionId, (await Ask<SessionAck>(hub, nameof(IWorkflowHub.StartSession), start)).SessionId);
        Assert.Equal(start.SessionId, (await Ask<SessionAck>(hub, nameof(IWorkflowHub.StartSession), start)).SessionId);

        await AssertRefusedAsync(hub, ErrorCode.SessionExists, nameof(IWorkflowHub.StartSession), start with { Subject = "Another" });
    }

    [Fact]
    public async Task Input_may_be_text_an_object_or_a_subject()
    {
        await using var hub = await ConnectAsync();
        foreach (var start in new[]
        {
            new StartSession { WorkflowId = "quick-answer", Subject = "Nuclear tea" },
            new StartSession { TemplateId = "quick-answer", Input = JsonSerializer.SerializeToElement("Nuclear tea") },
            new StartSession { WorkflowId = "quick-answer", Input = JsonSerializer.SerializeToElement(new { topic = "Nuclear tea", more = new[] { 1, 2 } }) },
        })
        {
            await Ask<SessionAck>(hub, nameof(IWorkflowHub.StartSession), start);

            Assert.Contains("Nuclear tea", ((SessionEvent<ExecutionCompleted>)(await ReadToEndAsync(hub))[^1]).Data.Output);
        }
    }

    [Fact]
    public async Task A_whole_workflow_can_be_sent()
    {
        await using var hub = await ConnectAsync();
        var workflow = new WorkflowDefinition
        {
            Id = "mine",
            Agents = new Dictionary<string, AgentDefinition> { ["a"] = new() { Temperature = 0.5 } },
            Nodes = new Dictionary<string, NodeDefinition>
            {
                ["start"] = new() { Type = NodeType.Start, Next = ["say"] },
                ["say"] = new() { Type = NodeType.Agent, Agent = "a", Next = ["end"] },
                ["end"] = new() { Type = NodeType.End },
            },
        };

        await Ask<SessionAck>(hub, nameof(IWorkflowHub.StartSession), new StartSession { Workflow = workflow, Subject = "Tea?" });

        Assert.Contains(await ReadToEndAsync(hub), e => e.NodeId == "say");
    }

    [Fact]
    public async Task Every_command_is_acknowledged_with_its_session()
    {
        await using var hub = await ConnectAsync();
        var id = await StartAsync(hub, "reviewed-draft");
        await ReadToPromptAsync(hub);

        Assert.Equal(id, (await Ask<SessionAck>(hub, nameof(IWorkflowHub.PauseSession), new PauseSession { SessionId = id })).SessionId);
        Assert.Equal(id, (await Ask<SessionAck>(hub, nameof(IWorkflowHub.PauseSession), new PauseSession())).SessionId);
        Assert.Equal(id, (await Ask<SessionAck>(hub, nameof(IWorkflowHub.ResumeSession), new ResumeSession { SessionId = id })).SessionId);
        Assert.Equal(id, (await Ask<SessionAck>(hub, nameof(IWorkflowHub.ResumeSession), new ResumeSession())).SessionId);
        Assert.Equal(id, (await Ask<SessionAck>(hub, nameof(IWorkflowHub.UserInput), new UserInput { Content = "fine", PromptId = "review" })).SessionId);
        await ReadToEndAsync(hub);
        await AssertRefusedAsync(hub, ErrorCode.SessionFinished, nameof(IWorkflowHub.UserInput), new UserInput { Content = "late" });
        await AssertRefusedAsync(hub, ErrorCode.SessionFinished, nameof(IWorkflowHub.CancelSession), new CancelSession());

        var second = await StartAsync(hub, "reviewed-draft");
        Assert.Equal(second, (await Ask<SessionAck>(hub, nameof(IWorkflowHub.CancelSession), new CancelSession())).SessionId);
        Assert.Equal(second, (await Ask<SessionAck>(hub, nameof(IWorkflowHub.CancelSession), new CancelSession { SessionId = second })).SessionId);
    }

    [Theory]
    [MemberData(nameof(SessionMethods))]
    public async Task A_command_needs_a_session_to_be_about(string method)
    {
        await using var hub = await ConnectAsync();

        await AssertRefusedAsync(hub, ErrorCode.NoSession, method, Command(method, null));
        await AssertRefusedAsync(hub, ErrorCode.UnknownSession, method, Command(method, "nobody"));
        await AssertRefusedAsync(hub, ErrorCode.InvalidSessionId, method, Command(method, "../nobody"));
        await AssertRefusedAsync(hub, ErrorCode.InvalidSessionId, method, Command(method, new string('x', 65)));
    }

    [Theory]
    [MemberData(nameof(SessionMethods))]
    public async Task Null_is_no_command(string method)
    {
        await using var hub = await ConnectAsync();

        await AssertRefusedAsync(hub, ErrorCode.InvalidData, method, [null]);
        await AssertRefusedAsync(hub, ErrorCode.InvalidData, nameof(IWorkflowHub.StartSession), [null]);
        await AssertRefusedAsync(hub, ErrorCode.InvalidData, nameof(IWorkflowHub.Subscribe), null, 0L);
        await AssertRefusedAsync(hub, ErrorCode.InvalidData, nameof(IWorkflowHub.SubscribeSnapshot), [null]);
        await AssertRefusedAsync(hub, ErrorCode.InvalidData, nameof(IWorkflowHub.Unsubscribe), [null]);
    }

    [Fact]
    public async Task Arguments_of_the_wrong_number_or_shape_are_refused_with_a_code()
    {
        await using var hub = await ConnectAsync();

        await AssertRefusedAsync(hub, ErrorCode.InvalidData, nameof(IWorkflowHub.StartSession));
        await AssertRefusedAsync(hub, ErrorCode.InvalidData, nameof(IWorkflowHub.StartSession), "quick-answer");
        await AssertRefusedAsync(hub, ErrorCode.InvalidData, nameof(IWorkflowHub.StartSession), new StartSession(), 1L);
        await AssertRefusedAsync(hub, ErrorCode.InvalidData, nameof(IWorkflowHub.Subscribe), "s");
        await AssertRefusedAsync(hub, ErrorCode.InvalidData, nameof(IWorkflowHub.Subscribe), "s", "first");
        await AssertRefusedAsync(hub, ErrorCode.InvalidData, nameof(IWorkflowHub.Subscribe), "s", null);
        await AssertRefusedAsync(hub, ErrorCode.InvalidData, nameof(IWorkflowHub.Subscribe), 7L, 0L);
        await AssertRefusedAsync(hub, ErrorCode.InvalidData, nameof(IWorkflowHub.Ping), "x");
        await AssertRefusedAsync(hub, ErrorCode.InvalidData, nameof(IWorkflowHub.UserInput), new UserInput { SessionId = "nobody" });
        await AssertRefusedAsync(hub, ErrorCode.InvalidData, nameof(IWorkflowHub.StartSession), new StartSession { WorkflowId = "quick-answer", Input = JsonSerializer.SerializeToElement(7) });
        await AssertServesAsync(hub);
    }

    [Fact]
    public async Task A_method_that_is_not_there_is_refused_with_a_code()
    {
        await using var hub = await ConnectAsync();

        await AssertRefusedAsync(hub, ErrorCode.UnknownCommand, "DropTable");
        await AssertRefusedAsync(hub, ErrorCode.UnknownCommand, "DropTable", "users");
        await AssertRefusedAsync(hub, ErrorCode.UnknownCommand, "ToString");
        await AssertRefusedAsync(hub, ErrorCode.UnknownCommand, "Dispose");
        await AssertServesAsync(hub);
    }

    [Fact]
    public async Task What_cannot_be_started_is_refused()
    {
        await using var hub = await ConnectAsync();

        await AssertRefusedAsync(hub, ErrorCode.InvalidData, nameof(IWorkflowHub.StartSession), new StartSession());
        await AssertRefusedAsync(hub, ErrorCode.UnknownWorkflow, nameof(IWorkflowHub.StartSession), new StartSession { WorkflowId = "nothing" });
        await AssertRefusedAsync(hub, ErrorCode.InvalidWorkflow, nameof(IWorkflowHub.StartSession), new StartSession { Workflow = new WorkflowDefinition() });
        await AssertRefusedAsync(hub, ErrorCode.InvalidSessionId, nameof(IWorkflowHub.StartSession), new StartSession { WorkflowId = "quick-answer", SessionId = "a/b" });
    }

    [Fact]
    public async Task An_input_of_a_megabyte_is_taken()
    {
        await using var hub = await ConnectAsync();
        var input = "Tea? " + new string('x', 1024 * 1024);

        var id = await StartAsync(hub, "reviewed-draft", input);

        await ReadToPromptAsync(hub);
        Assert.Equal(id, (await Ask<SessionAck>(hub, nameof(IWorkflowHub.UserInput), new UserInput { Content = input })).SessionId);
        Assert.Contains(await ReadToEndAsync(hub), e => e is SessionEvent<TokenStream> { Data: { AgentId: "user" } data } && data.Chunk == input);
    }

    [Fact]
    public async Task A_message_over_the_limit_ends_that_connection_only()
    {
        await using var other = await ConnectAsync();
        await using var hub = await ConnectAsync();
        var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        hub.Connection.Closed += _ =>
        {
            closed.TrySetResult();
            return Task.CompletedTask;
        };

        await Assert.ThrowsAnyAsync<Exception>(() => StartAsync(hub, "quick-answer", new string('x', 3 * 1024 * 1024)));

        await Wait.For(closed.Task, "the connection to be closed");
        await AssertServesAsync(other);
    }

    [Fact]
    public async Task A_nul_in_a_string_travels()
    {
        await using var hub = await ConnectAsync();
        await StartAsync(hub, "reviewed-draft");
        await ReadToPromptAsync(hub);

        await Ask<SessionAck>(hub, nameof(IWorkflowHub.UserInput), new UserInput { Content = "before\0after" });

        Assert.Contains(await ReadToEndAsync(hub), e => e is SessionEvent<TokenStream> { Data: { AgentId: "user", Chunk: "before\0after" } });
    }

    [Fact]
    public async Task Subscribing_again_moves_to_the_new_place()
    {
        var session = await TestSession.CreateAsync(gateway.Services);
        await session.SayAsync(3);
        await using var hub = await ConnectAsync();
        await hub.SubscribeAsync(session.Id, 0);
        Assert.Equal([1, 2, 3], await SeqsAsync(hub, 3));

        await hub.SubscribeAsync(session.Id, 1);
        Assert.Equal([2, 3], await SeqsAsync(hub, 2));
        await session.SayAsync(1);

        Assert.Equal([4], await SeqsAsync(hub, 1));
    }

    [Fact]
    public async Task After_unsubscribing_nothing_of_the_session_comes()
    {
        var session = await TestSession.CreateAsync(gateway.Services);
        var other = await TestSession.CreateAsync(gateway.Services);
        await using var hub = await ConnectAsync();
        await hub.SubscribeAsync(session.Id, 0);
        await hub.SubscribeAsync(other.Id, 0);

        await Wait.For(hub.Connection.InvokeAsync(nameof(IWorkflowHub.Unsubscribe), session.Id), "Unsubscribe");
        await Wait.For(hub.Connection.InvokeAsync(nameof(IWorkflowHub.Unsubscribe), session.Id), "Unsubscribe once more");
        await session.SayAsync(3);
        await other.SayAsync(1);

        Assert.Equal(other.Id, (await hub.NextAsync()).SessionId);
        await AssertRefusedAsync(hub, ErrorCode.InvalidSessionId, nameof(IWorkflowHub.Unsubscribe), "../x");
    }

    [Fact]
    public async Task A_snapshot_and_what_follows_it_are_the_whole_session()
    {
        var session = await TestSession.CreateAsync(gateway.Services);
        await session.SayAsync(10);
        await using var hub = await ConnectAsync();
        var writer = Task.Run(async () =>
        {
            for (var i = 0; i < 200; i++) await session.SayAsync(3);
        });

        var snapshot = await Ask<SessionSnapshot>(hub, nameof(IWorkflowHub.SubscribeSnapshot), session.Id);
        await Wait.For(writer, "the writer");
        await session.SayAsync(1);

        Assert.Equal(session.Id, snapshot.SessionId);
        Assert.Equal(string.Concat(Enumerable.Range(1, (int)snapshot.LastSeq).Select(i => $"tok{i} ")), snapshot.Nodes["n1"].Text);
        for (var seq = snapshot.LastSeq + 1; seq <= session.LastSeq; seq++) Assert.Equal(seq, (await hub.NextAsync()).Seq);
    }

    [Fact]
    public async Task A_snapshot_in_the_middle_of_a_subscription_lets_no_event_come_twice()
    {
        const int Snapshots = 50;
        var session = await TestSession.CreateAsync(gateway.Services);
        await session.SayAsync(500);
        await using var hub = await ConnectAsync();
        await hub.SubscribeAsync(session.Id, 0);
        var places = new List<long>();
        for (var i = 0; i < Snapshots; i++)
        {
            var writer = Task.Run(async () =>
            {
                for (var batch = 0; batch < 20; batch++) await session.SayAsync(3);
            });
            places.Add((await Ask<SessionSnapshot>(hub, nameof(IWorkflowHub.SubscribeSnapshot), session.Id)).LastSeq);
            await Wait.For(writer, "the writer");
        }

        await session.SayAsync(1);

        // What is left out is in one of the snapshots, and nothing comes again.
        var last = 0L;
        while (last < session.LastSeq)
        {
            var next = (await hub.NextAsync()).Seq;
            Assert.True(next == last + 1 || (next > last && places.Contains(next - 1)), $"{next} came after {last}");
            last = next;
        }
    }

    [Fact]
    public async Task A_subscription_goes_on_where_it_was_when_no_snapshot_took_its_place()
    {
        var session = await TestSession.CreateAsync(gateway.Services);
        await session.SayAsync(3);
        await using var hub = await ConnectAsync();
        await hub.SubscribeAsync(session.Id, 0);
        Assert.Equal(1, (await hub.NextAsync()).Seq);

        var feeds = gateway.Services.GetRequiredService<SessionFeeds>();
        var sender = Assert.Single(gateway.Services.GetRequiredService<ConnectionRegistry>().Snapshot(), s => s.Has(session.Id));
        using (feeds.Suspend(sender, session.Id))
        {
            Assert.False(sender.Has(session.Id));
            await session.SayAsync(2);
        }

        await session.SayAsync(1);
        for (var seq = 2; seq <= 6; seq++) Assert.Equal(seq, (await hub.NextAsync()).Seq);
    }

    [Fact]
    public async Task A_snapshot_of_nothing_is_refused()
    {
        await using var hub = await ConnectAsync();

        await AssertRefusedAsync(hub, ErrorCode.UnknownSession, nameof(IWorkflowHub.SubscribeSnapshot), "nobody");
        await AssertRefusedAsync(hub, ErrorCode.InvalidSessionId, nameof(IWorkflowHub.SubscribeSnapshot), "../nobody");
    }

    [Fact]
    public async Task Subscribing_makes_a_session_the_one_that_commands_are_about()
    {
        await using var starter = await ConnectAsync();
        var id = await StartAsync(starter, "reviewed-draft");
        await using var hub = await ConnectAsync();

        await hub.SubscribeAsync(id, 0);
        Assert.Equal(id, (await Ask<SessionAck>(hub, nameof(IWorkflowHub.PauseSession), new PauseSession())).SessionId);

        await using var second = await ConnectAsync();
        await Ask<SessionSnapshot>(second, nameof(IWorkflowHub.SubscribeSnapshot), id);
        Assert.Equal(id, (await Ask<SessionAck>(second, nameof(IWorkflowHub.CancelSession), new CancelSession())).SessionId);
    }

    private protected Task<HubReader> ConnectAsync() => HubReader.ConnectAsync(gateway, messagePack);

    private protected static Task<T> Ask<T>(HubReader hub, string method, params object?[] arguments) => Wait.For(hub.Connection.InvokeCoreAsync<T>(method, arguments), method);

    private protected static async Task AssertRefusedAsync(HubReader hub, string code, string method, params object?[] arguments)
    {
        var refusal = await Assert.ThrowsAsync<HubException>(() => Wait.For(hub.Connection.InvokeCoreAsync<object>(method, arguments), method));
        Assert.Matches($@"HubException: {code}: .+\.$", refusal.Message);
    }

    private protected static async Task AssertServesAsync(HubReader hub) => Assert.Equal("pong", await Ask<string>(hub, nameof(IWorkflowHub.Ping)));

    private static object Command(string method, string? sessionId) => method switch
    {
        nameof(IWorkflowHub.PauseSession) => new PauseSession { SessionId = sessionId },
        nameof(IWorkflowHub.ResumeSession) => new ResumeSession { SessionId = sessionId },
        nameof(IWorkflowHub.UserInput) => new UserInput { SessionId = sessionId, Content = "fine" },
        _ => new CancelSession { SessionId = sessionId },
    };

    private static async Task<string> StartAsync(HubReader hub, string workflow, string subject = "Tea?") =>
        (await Ask<SessionAck>(hub, nameof(IWorkflowHub.StartSession), new StartSession { WorkflowId = workflow, Subject = subject })).SessionId;

    private static async Task<List<SessionEvent>> ReadToEndAsync(HubReader hub) => await ReadToAsync(hub, e => e is SessionEvent<ExecutionCompleted>);

    private static async Task ReadToPromptAsync(HubReader hub) => await ReadToAsync(hub, e => e is SessionEvent<ExecutionPaused>);

    private static async Task<List<SessionEvent>> ReadToAsync(HubReader hub, Func<SessionEvent, bool> isLast)
    {
        var events = new List<SessionEvent>();
        do events.Add(await hub.NextAsync());
        while (!isLast(events[^1]));
        return events;
    }

    private static async Task<List<long>> SeqsAsync(HubReader hub, int count)
    {
        var seqs = new List<long>();
        while (seqs.Count < count) seqs.Add((await hub.NextAsync()).Seq);
        return seqs;
    }
}
