using Gateway.Tests.Infrastructure;
using Xunit;

namespace Gateway.Tests.EndToEnd;

/// <summary>Promise 8: leaving is not cancelling.</summary>
public abstract class LeavingSuite<TDoor>(GatedGateway gateway) : IClassFixture<GatedGateway>
    where TDoor : IDoorKind
{
    [Fact]
    public async Task A_session_goes_on_when_its_starter_leaves()
    {
        var scene = new Scene(gateway, SampleWorkflows.Debate);
        var starter = await TDoor.ConnectAsync(gateway);
        await starter.StartAsync(scene.Start);
        var a = await scene.CallAsync("a");
        a.Say("one ");
        await starter.ReadToAsync(f => f.Gist == "a: one ");

        await starter.DisposeAsync();
        a.Say("two ").End();
        (await scene.CallAsync("b")).Say("B.").End();
        (await scene.CallAsync("judge")).Say("Tea.").End();

        await using var later = await TDoor.WatchAsync(gateway, scene.Id);
        var frames = await later.ReadToEndAsync();
        Rules.Check(frames);
        Assert.Equal("session completed", frames[^1].Gist);
        Assert.DoesNotContain(frames, f => f.Is("execution:paused"));
        Assert.DoesNotContain(frames, f => f.Data.TryGetProperty("attempt", out var attempt) && attempt.ValueKind == System.Text.Json.JsonValueKind.Number);
    }

    [Fact]
    public async Task One_who_comes_back_goes_on_where_it_was()
    {
        var scene = new Scene(gateway, SampleWorkflows.Quick);
        var door = await TDoor.ConnectAsync(gateway);
        await door.StartAsync(scene.Start);
        var a = await scene.CallAsync("a");
        a.Say("one ");
        var frames = await door.ReadToAsync(f => f.Gist == "a: one ");
        await door.DisposeAsync();

        a.Say("two ");
        await using var back = await TDoor.WatchAsync(gateway, scene.Id, frames[^1].Seq);
        a.Say("three").End();

        frames.AddRange(await back.ReadToEndAsync());
        Rules.Check(frames);
        Assert.Equal("one two three", frames[^1]["output"]);
    }

    [Fact]
    public async Task A_session_stays_paused_when_the_one_who_paused_it_leaves()
    {
        var scene = new Scene(gateway, SampleWorkflows.Quick);
        var door = await TDoor.ConnectAsync(gateway);
        await door.StartAsync(scene.Start);
        var a = await scene.CallAsync("a");
        await door.PauseAsync(scene.Id);
        await door.DisposeAsync();
        a.Say("Tea.").End();

        await using var other = await TDoor.WatchAsync(gateway, scene.Id);
        var frames = await other.ReadToAsync(f => f.Is("execution:paused"));
        await other.ResumeAsync(scene.Id);

        frames.AddRange(await other.ReadToEndAsync());
        Rules.Check(frames);
        Assert.Equal("Tea.", frames[^1]["output"]);
    }
}
