using Gateway.Client;
using Gateway.Contracts;
using Gateway.Tests.Infrastructure;
using Xunit;

namespace Gateway.Tests.EndToEnd;

/// <summary>The .NET client forks sessions of a real gateway and tries failed ones again, on each wire.</summary>
public sealed class ClientForkTests(GatedGateway gateway) : IClassFixture<GatedGateway>
{
    [Theory]
    [InlineData(GatewayWire.MessagePack)]
    [InlineData(GatewayWire.Json)]
    [InlineData(GatewayWire.WebSocket)]
    public async Task A_session_is_forked_and_a_failed_one_is_tried_again(GatewayWire wire)
    {
        var token = TestContext.Current.CancellationToken;
        var scene = new Scene(gateway, SampleWorkflows.Reviewed);
        await using var client = await GatewayClient.ConnectAsync(gateway.Address, new GatewayClientOptions { Wire = wire }, token);
        using var first = await client.StartAsync(scene.Start, token);
        (await scene.CallAsync("a")).Say("A draft.").End();
        var question = await AskedAsync(first);

        var edits = new ForkEdits { Agents = new Dictionary<string, AgentDefinition> { ["b"] = new() { Instructions = "Be brief." } } };
        using var fork = await Wait.For(first.ForkAsync(first.State.LastSeq, "Another question", edits, token), "the fork");
        Assert.Equal(question, await AskedAsync(fork));
        await fork.InputAsync("fine", question, cancellationToken: token);
        var call = await scene.CallAsync("b");
        Assert.Equal("Be brief.", call.Messages[0].Text);
        Assert.Contains("Another question", call.Messages[^1].Text, StringComparison.Ordinal);
        call.Throw(new InvalidOperationException("away"));
        Assert.Equal(SessionStatus.Failed, (await Wait.For(fork.Completion, "the failure")).Status);

        using var again = await Wait.For(fork.RetryAsync(token), "the retry");
        (await scene.CallAsync("b")).Say("Final.").End();
        Assert.Equal("Final.", (await Wait.For(again.Completion, "the end of the session")).Output);

        var events = new List<SessionEvent>();
        await foreach (var e in again.Events.WithCancellation(token)) events.Add(e);
        Assert.Equal(Enumerable.Range(1, events.Count).Select(seq => (long)seq), events.Select(e => e.Seq));
        Assert.Equal([first.Id, fork.Id], events.OfType<SessionEvent<ExecutionPaused>>().Select(e => e.Data.ForkedFrom?.SessionId).OfType<string>());

        // One that has ended well is not tried again, and the first one still waits.
        Assert.Equal(ErrorCode.SessionNotFailed, (await Assert.ThrowsAsync<GatewayClientException>(() => again.RetryAsync(token))).Code);
        Assert.Equal(ErrorCode.UnknownSession, (await Assert.ThrowsAsync<GatewayClientException>(() => client.Session("nobody").ForkAsync(cancellationToken: token))).Code);
        Assert.False(first.State.IsOver);
        await first.CancelAsync(token);
    }

    private static async Task<string> AskedAsync(SessionHandle session)
    {
        while (session.State.OpenPrompts.Count == 0 || session.State.PauseReason != PauseReason.AwaitingInput) await Wait.For(session.ReachedAsync(session.State.LastSeq + 1, TestContext.Current.CancellationToken), "the question");
        return session.State.OpenPrompts[0].PromptId;
    }
}
