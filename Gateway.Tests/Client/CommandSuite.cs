using System.Text.Json;
using Gateway.Client;
using Gateway.Contracts;
using Gateway.Tests.Infrastructure;
using Microsoft.AspNetCore.SignalR;
using Xunit;

namespace Gateway.Tests.Client;

public abstract class CommandSuite(GatewayWire wire) : ClientTest(wire)
{
    [Fact]
    public async Task Every_command_reaches_the_hub_as_it_was_given()
    {
        var client = await ConnectAsync();

        Assert.Equal("mine", (await client.StartAsync("council-debate", "Grüße", "mine", Token)).Id);
        await client.PauseAsync("mine", Token);
        await client.ResumeAsync("mine", Token);
        await client.UserInputAsync("mine", "yes", "p-1", "n-1", Token);
        await client.CancelAsync("mine", Token);
        await client.PingAsync(Token);

        Assert.Equal(
            [
                new StartSession { WorkflowId = "council-debate", Subject = "Grüße", SessionId = "mine" },
                new PauseSession { SessionId = "mine" },
                new ResumeSession { SessionId = "mine" },
                new UserInput { SessionId = "mine", Content = "yes", PromptId = "p-1", NodeId = "n-1" },
                new CancelSession { SessionId = "mine" },
            ],
            Server.Calls.Entries.Where(c => c.Argument is not null).Select(c => c.Argument));
        Assert.Single(Server.Calls.Entries, c => c.Method == "Ping");
    }

    [Fact]
    public async Task Whole_workflow_and_free_form_input_reach_the_hub()
    {
        var client = await ConnectAsync();
        using var input = JsonDocument.Parse("""{"topic":"x","rounds":[1,2.5,true,null]}""");

        await client.StartAsync(
            new StartSession { Workflow = new WorkflowDefinition { Id = "own", Name = "Own" }, Input = input.RootElement },
            Token);

        var arrived = Assert.IsType<StartSession>(Server.Calls.Entries[0].Argument);
        Assert.Equal("own", arrived.Workflow?.Id);
        Assert.Equal(input.RootElement.GetRawText(), arrived.Input?.GetRawText());
    }

    [Fact]
    public async Task Started_session_that_nobody_reads_is_not_sent()
    {
        var client = await ConnectAsync();

        var id = (await client.StartAsync("council-debate", "topic", null, Token)).Id;

        await Server.Calls.UntilAsync(calls => calls.Contains(new HubCall("Unsubscribe", id)), "the end of the unread subscription");
    }

    [Fact]
    public async Task Session_read_after_it_was_started_begins_with_its_first_event()
    {
        var client = await ConnectAsync();
        Server.BeforeAnswer = (call, _) =>
        {
            if (call.Method == "StartSession") Server.Session(call.SessionId!).Say(9).End();
            return Task.CompletedTask;
        };

        var id = (await client.StartAsync("council-debate", "topic", null, Token)).Id;

        AssertSeqs(1, 10, await ReadAllAsync(client.ReadEventsAsync(id, 0, Token)));
    }

    [Fact]
    public async Task Refusal_carries_code_and_sentence()
    {
        Server.BeforeAnswer = (_, _) => throw new HubException($"{ErrorCode.PromptAnswered}: Prompt 'p' was answered already: by Ann.");
        var client = await ConnectAsync();

        var refusal = await RefusedAsync(client.UserInputAsync("s-1", "no", "p", null, Token));

        Assert.Equal(ErrorCode.PromptAnswered, refusal.Code);
        Assert.Equal("Prompt 'p' was answered already: by Ann.", refusal.Message);
    }

    [Fact]
    public async Task Refused_start_fails_the_reading_before_the_first_event()
    {
        Server.BeforeAnswer = (_, _) => throw new HubException($"{ErrorCode.UnknownWorkflow}: There is no workflow 'x'.");
        var client = await ConnectAsync();

        var refusal = await RefusedAsync(ReadAllAsync(client.StartAndReadAsync("x", "topic", null, Token)));

        Assert.Equal(ErrorCode.UnknownWorkflow, refusal.Code);
    }

    [Fact]
    public async Task Bug_in_the_hub_is_an_internal_error()
    {
        Server.BeforeAnswer = (_, _) => throw new InvalidCastException("secret");
        var client = await ConnectAsync();

        Assert.Equal(ErrorCode.InternalError, (await RefusedAsync(client.PauseAsync("s-1", Token))).Code);
    }

    [Fact]
    public async Task Start_whose_answer_was_lost_is_repeated_with_the_same_id_and_read_whole()
    {
        var starts = 0;
        Server.BeforeAnswer = (call, connection) =>
        {
            if (call.Method != "StartSession" || ++starts > 1) return Task.CompletedTask;
            Server.Session(call.SessionId!).Say(9).End();
            connection.Abort();
            return Task.CompletedTask;
        };
        var client = await ConnectAsync();

        AssertSeqs(1, 10, await ReadAllAsync(client.StartAndReadAsync("council-debate", "topic", null, Token)));

        Assert.Single(Server.Calls.Entries.Where(c => c.Method == "StartSession").Select(c => c.SessionId).Distinct());
    }

    [Fact]
    public async Task Pause_whose_answer_was_lost_is_not_repeated()
    {
        var never = Gate();
        Server.BeforeAnswer = (call, connection) =>
        {
            if (call.Method != "PauseSession") return Task.CompletedTask;
            connection.Abort();
            return never.Task;
        };
        var client = await ConnectAsync();

        var failure = await RefusedAsync(client.PauseAsync("s-1", Token));
        await client.PingAsync(Token);

        Assert.Equal(ClientErrorCode.ConnectionLost, failure.Code);
        Assert.Single(Server.Calls.Entries, c => c.Method == "PauseSession");
        never.SetResult();
    }

    [Fact]
    public async Task Command_waits_for_a_connection_that_is_being_made_again()
    {
        // A server that is going down still takes a connection that is made anew at once; this one waits to be let.
        var time = new TimerWatch();
        var client = await ConnectAsync(o => (o.TimeProvider, o.RetryPolicy) = (time, new FixedRetry(TimeSpan.FromSeconds(20))));
        await Server.StopServerAsync();
        Assert.Equal(TimeSpan.FromSeconds(20), await Wait.For(time.First, "the wait before the retry"));

        var pause = client.PauseAsync("s-1", Token);
        Assert.False(pause.IsCompleted);
        await Server.StartServerAsync();
        time.Advance(TimeSpan.FromSeconds(20));

        await Wait.For(pause, "the pause's answer");
        Assert.Single(Server.Calls.Entries, c => c.Method == "PauseSession");
    }

    [Fact]
    public async Task Cancelled_command_ends_and_the_connection_goes_on()
    {
        var reached = Gate();
        var answer = Gate();
        Server.BeforeAnswer = (call, _) =>
        {
            if (call.Method != "PauseSession") return Task.CompletedTask;
            reached.TrySetResult();
            return answer.Task;
        };
        var client = await ConnectAsync();
        using var cancel = new CancellationTokenSource();
        var pause = client.PauseAsync("s-1", cancel.Token);
        await Wait.For(reached.Task, "the pause in the hub");

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Wait.For(pause, "the end of the pause"));
        answer.SetResult();
        await client.PingAsync(Token);
    }
}
