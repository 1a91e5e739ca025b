using Gateway.Client;
using Gateway.Contracts;
using Gateway.Tests.Infrastructure;
using Xunit;

namespace Gateway.Tests.Client;

/// <summary>What the handle of a session promises, on each wire.</summary>
public abstract class SessionHandleSuite(GatewayWire wire) : ClientTest(wire)
{
    [Fact]
    public async Task A_handle_steers_its_session_and_says_when_that_took_effect()
    {
        var client = await ConnectAsync();
        using var session = await client.StartAsync("council-debate", "topic", "mine", Token);
        Assert.Equal(("mine", (long?)0), (session.Id, session.StartSeq));
        Server.Session("mine").Say(7);

        Assert.Equal(7, await session.PauseAsync(Token));
        Assert.Equal(7, await session.ResumeAsync(Token));
        Assert.Equal(7, await session.InputAsync("yes", "p-1", "n-1", Token));
        Assert.Equal(7, await session.RemarkAsync("well", Token));
        Assert.Equal(7, await session.CancelAsync(Token));

        Assert.Equal(
            [
                new PauseSession { SessionId = "mine" },
                new ResumeSession { SessionId = "mine" },
                new UserInput { SessionId = "mine", Content = "yes", PromptId = "p-1", NodeId = "n-1" },
                new UserInput { SessionId = "mine", Content = "well", Remark = true },
                new CancelSession { SessionId = "mine" },
            ],
            Server.Calls.Entries.Where(c => c.Argument is not null and not StartSession).Select(c => c.Argument));
    }

    [Fact]
    public async Task A_fork_and_a_retry_reach_the_gateway_as_they_were_given()
    {
        Server.Session("s-1").Say(3);
        var client = await ConnectAsync();
        using var session = client.Session("s-1");
        var edits = new ForkEdits { Agents = new Dictionary<string, AgentDefinition> { ["judge"] = new() { Instructions = "Be strict." } } };

        using var fork = await session.ForkAsync(2, "Other", edits, Token);
        using var retry = await session.RetryAsync(Token);
        Server.Session(fork.Id).Say(4).End();

        AssertSeqs(1, 5, await ReadAllAsync(fork.Events));
        var asked = Assert.IsType<ForkSession>(Assert.Single(Server.Calls.Entries, c => c.Method == "ForkSession").Argument);
        Assert.Equal(("s-1", 2, fork.Id, "Other", "Be strict."), (asked.SourceSessionId, asked.AfterSeq, asked.SessionId, asked.Input?.GetString(), asked.Edits!.Agents!["judge"].Instructions));
        Assert.Equal(new RetrySession { SourceSessionId = "s-1", SessionId = retry.Id }, Assert.Single(Server.Calls.Entries, c => c.Method == "RetrySession").Argument);
        Assert.Equal(3, new[] { "s-1", fork.Id, retry.Id }.Distinct().Count());
        Assert.Equal(ErrorCode.UnknownSession, (await RefusedAsync(client.Session("s-0").ForkAsync(cancellationToken: Token))).Code);
    }

    [Fact]
    public async Task A_fork_whose_answer_was_lost_is_repeated_with_the_same_id()
    {
        Server.Session("s-1").Say(3);
        var forks = 0;
        Server.BeforeAnswer = (call, connection) =>
        {
            if (call.Method == "ForkSession" && ++forks == 1) connection.Abort();
            return Task.CompletedTask;
        };
        var client = await ConnectAsync();
        using var session = client.Session("s-1");

        using var fork = await Wait.For(session.ForkAsync(cancellationToken: Token), "the fork");

        Assert.Equal([fork.Id, fork.Id], Server.Calls.Entries.Where(c => c.Method == "ForkSession").Select(c => c.SessionId));
    }

    [Fact]
    public async Task Its_events_are_those_of_the_session()
    {
        Server.Session("s-1").Say(9).End();
        var client = await ConnectAsync();
        using var session = client.Session("s-1");

        AssertSeqs(1, 10, await ReadAllAsync(session.Events));
        AssertSeqs(5, 10, await ReadAllAsync(session.EventsAfter(4)));
    }

    [Fact]
    public async Task State_and_completion_follow_the_session_to_its_end()
    {
        var log = Server.Session("s-1").Append(new NodeStateChange { SessionId = "s-1", NodeId = "n", Status = NodeStatus.Running }).Say(1);
        var client = await ConnectAsync();
        using var session = client.Session("s-1");

        await Wait.For(session.ReachedAsync(2, Token), "the second event");
        Assert.Equal((2L, SessionStatus.Running, "n"), (session.State.LastSeq, session.State.Status, Assert.Single(session.State.ActiveNodes)));
        Assert.False(session.Completion.IsCompleted);

        // What one waits for never comes: the end says so.
        var beyond = session.ReachedAsync(100, Token);
        log.Append(new NodeStateChange { SessionId = "s-1", NodeId = "n", Status = NodeStatus.Suspended, Prompt = new Prompt { PromptId = "p", Text = "Go?" } });
        await Wait.For(session.ReachedAsync(3, Token), "the question");
        Assert.Equal("p", Assert.Single(session.State.OpenPrompts).PromptId);
        log.End();

        Assert.Equal("done", (await Wait.For(session.Completion, "the end of the session")).Output);
        await Wait.For(beyond, "the end of the wait");
        Assert.True(session.State is { IsOver: true, LastSeq: 4, Output: "done" });

        // All of it was one reading.
        Assert.Single(Server.Calls.Entries, c => c.Method == "Subscribe");
    }

    [Fact]
    public async Task A_state_that_was_read_stays_as_it_was()
    {
        var log = Server.Session("s-1").Say(1);
        var client = await ConnectAsync();
        using var session = client.Session("s-1");
        await Wait.For(session.ReachedAsync(1, Token), "the first event");
        var before = session.State;

        log.Say(1);
        await Wait.For(session.ReachedAsync(2, Token), "the second event");

        Assert.Equal((1L, 2L), (before.LastSeq, session.State.LastSeq));
        Assert.Same(session.State, session.State);
    }

    [Fact]
    public async Task After_a_failure_the_completion_can_be_asked_for_again()
    {
        var client = await ConnectAsync();
        using var session = client.Session("later");

        Assert.Equal(ErrorCode.UnknownSession, (await RefusedAsync(session.Completion)).Code);
        Server.Session("later").Say(3).End();

        Assert.Equal(SessionStatus.Completed, (await Wait.For(session.Completion, "the end of the session")).Status);
    }

    [Fact]
    public async Task Disposing_a_handle_ends_its_reading_and_nothing_else()
    {
        Server.Session("s-1").Say(1);
        var client = await ConnectAsync();
        var session = client.Session("s-1");
        await Wait.For(session.ReachedAsync(1, Token), "the first event");
        var waiting = session.ReachedAsync(2, Token);
        var completion = session.Completion;

        session.Dispose();
        session.Dispose();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Wait.For(completion, "the end of the reading"));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Wait.For(waiting, "the end of the wait"));
        await Server.Calls.UntilAsync(calls => calls.Any(c => c.Method == "Unsubscribe"), "the end of the subscription");
        Assert.DoesNotContain(Server.Calls.Entries, c => c.Method == "CancelSession");
        await session.PauseAsync(Token);
    }
}
