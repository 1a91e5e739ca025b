using Gateway.Client;
using Gateway.Contracts;
using Gateway.Tests.Infrastructure;
using Xunit;

namespace Gateway.Tests.EndToEnd;

/// <summary>The .NET client's handle on a real gateway: a view knows when it has seen its own command.</summary>
public sealed class SessionHandleTests(GatedGateway gateway) : IClassFixture<GatedGateway>
{
    [Theory]
    [InlineData(GatewayWire.MessagePack)]
    [InlineData(GatewayWire.Json)]
    [InlineData(GatewayWire.WebSocket)]
    public async Task Own_commands_are_seen_when_their_seq_is_reached(GatewayWire wire)
    {
        var token = TestContext.Current.CancellationToken;
        var scene = new Scene(gateway, SampleWorkflows.Reviewed);
        await using var client = await GatewayClient.ConnectAsync(gateway.Address, new GatewayClientOptions { Wire = wire }, token);
        using var session = await client.StartAsync(scene.Start, token);
        await Reached(session.StartSeq!.Value);
        Assert.Equal(["a"], session.State.ActiveNodes);

        await Reached(await session.PauseAsync(token));
        Assert.Equal((SessionStatus.Paused, PauseReason.UserRequested), (session.State.Status, session.State.PauseReason));
        await Reached(await session.ResumeAsync(token));
        Assert.Equal(SessionStatus.Running, session.State.Status);

        (await scene.CallAsync("a")).Say("A draft.").End();
        using var watcher = client.Session(scene.Id);
        while (watcher.State.OpenPrompts.Count == 0) await Wait.For(watcher.ReachedAsync(watcher.State.LastSeq + 1, token), "the question");
        await Reached(await session.InputAsync("fine", watcher.State.OpenPrompts[0].PromptId, cancellationToken: token));
        Assert.Empty(session.State.OpenPrompts);

        (await scene.CallAsync("b")).Say("Final.").End();
        Assert.Equal("Final.", (await Wait.For(session.Completion, "the end of the session")).Output);

        Task Reached(long seq) => Wait.For(session.ReachedAsync(seq, token), $"event {seq}");
    }
}
