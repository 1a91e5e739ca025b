using Gateway.Contracts;
using Gateway.Tests.Infrastructure;
using Xunit;

namespace Gateway.Tests.EndToEnd;

/// <summary>Promise 7: every session ends with exactly one <c>execution:completed</c>, its last event.</summary>
public abstract class EndSuite<TDoor>(GatedGateway gateway) : IClassFixture<GatedGateway>
    where TDoor : IDoorKind
{
    [Fact]
    public async Task A_session_that_is_done_is_completed()
    {
        var scene = new Scene(gateway, SampleWorkflows.Quick);
        await using var door = await StartAsync(scene);

        (await scene.CallAsync("a")).Say("Tea.").End();

        Assert.Equal("session completed", (await EndAsync(door))[^1].Gist);
    }

    [Fact]
    public async Task A_session_is_cancelled_in_mid_sentence()
    {
        var scene = new Scene(gateway, SampleWorkflows.Debate);
        await using var door = await StartAsync(scene);
        var a = await scene.CallAsync("a");
        var b = await scene.CallAsync("b");
        a.Say("one ");
        var frames = await door.ReadToAsync(f => f.Gist == "a: one ");

        await door.CancelAsync(scene.Id);
        a.Say("two ");
        await a.Over();
        await b.Over();

        frames.AddRange(await door.ReadToEndAsync());
        Rules.Check(frames);
        Assert.Equal("session cancelled", frames[^1].Gist);
        Assert.DoesNotContain("a: two ", frames.Select(f => f.Gist));
        Assert.All(["a cancelled", "b cancelled"], story => Assert.Contains(story, frames.Select(f => f.Gist)));
        Assert.Equal(ErrorCode.SessionFinished, await Doors.CodeAsync(door.ResumeAsync(scene.Id)));
        Assert.Null(await Doors.CodeAsync(door.CancelAsync(scene.Id)));
    }

    [Fact]
    public async Task A_session_whose_model_breaks_off_has_failed()
    {
        var scene = new Scene(gateway, SampleWorkflows.Quick);
        await using var door = await StartAsync(scene);
        var a = await scene.CallAsync("a");
        a.Say("one ");
        await a.Asked();
        a.Throw(new HttpRequestException("The line is dead."));

        var frames = await EndAsync(door);
        var story = frames.Select(f => f.Gist).ToList();
        Assert.Equal("session failed", story[^1]);
        Assert.True(story.IndexOf($"error a {ErrorCode.ModelError}") is var error && error >= 0 && error < story.IndexOf("a failed"), string.Join("; ", story));
    }

    [Fact]
    public async Task A_branch_that_fails_does_not_take_the_other_along()
    {
        var scene = new Scene(gateway, SampleWorkflows.Debate);
        await using var door = await StartAsync(scene);
        (await scene.CallAsync("a")).Throw(new HttpRequestException("The line is dead."));
        var frames = await door.ReadToAsync(f => f.Gist == "a failed");

        (await scene.CallAsync("b")).Say("B.").End();
        (await scene.CallAsync("judge")).Say("Only B spoke.").End();

        frames.AddRange(await door.ReadToEndAsync());
        Rules.Check(frames);
        Assert.Equal("Only B spoke.", frames[^1]["output"]);
    }

    [Fact]
    public async Task An_end_and_a_cancel_in_a_race_are_one_end()
    {
        for (var round = 0; round < 10; round++)
        {
            var scene = new Scene(gateway, SampleWorkflows.Quick);
            await using var door = await StartAsync(scene);
            await using var other = await TDoor.ConnectAsync(gateway);
            var a = await scene.CallAsync("a");
            using var both = new Barrier(2);
            var end = Task.Run(() =>
            {
                both.SignalAndWait();
                a.Say("Tea.").End();
            });
            var cancel = Task.Run(async () =>
            {
                both.SignalAndWait();
                return await Doors.CodeAsync(other.CancelAsync(scene.Id));
            });

            var frames = await EndAsync(door);
            await end;
            Assert.Equal((await cancel is null) ? "session cancelled" : "session completed", frames[^1].Gist);
            await AssertStaysEndedAsync(scene.Id, frames);
        }
    }

    [Fact]
    public async Task Sessions_side_by_side_do_not_mix()
    {
        var good = new Scene(gateway, SampleWorkflows.Quick);
        var bad = new Scene(gateway, SampleWorkflows.Quick);
        await using var one = await StartAsync(good);
        await using var two = await StartAsync(bad);

        (await bad.CallAsync("a")).Throw(new InvalidOperationException("Broken."));
        Assert.Equal("session failed", (await EndAsync(two))[^1].Gist);
        (await good.CallAsync("a")).Say("Tea.").End();

        var frames = await EndAsync(one);
        Assert.All(frames, f => Assert.Equal(good.Id, f.SessionId));
        Assert.Equal("Tea.", frames[^1]["output"]);
    }

    private async Task<IDoor> StartAsync(Scene scene)
    {
        var door = await TDoor.ConnectAsync(gateway);
        await door.StartAsync(scene.Start);
        return door;
    }

    private static async Task<List<Frame>> EndAsync(IDoor door)
    {
        var frames = await door.ReadToEndAsync();
        Rules.Check(frames);
        return frames;
    }

    private async Task AssertStaysEndedAsync(string sessionId, List<Frame> frames)
    {
        await using var late = await TDoor.WatchAsync(gateway, sessionId);
        Assert.Equal(frames.Select(f => f.Gist), (await late.ReadToEndAsync()).Select(f => f.Gist));
    }
}
