using Gateway.Contracts;
using Gateway.Tests.Infrastructure;
using Xunit;

namespace Gateway.Tests.EndToEnd;

/// <summary>People in the loop: prompts, answers, and words to the whole session.</summary>
public abstract class ReviewSuite<TDoor>(GatedGateway gateway) : IClassFixture<GatedGateway>
    where TDoor : IDoorKind
{
    [Fact]
    public async Task Of_two_answers_the_first_wins_and_the_other_is_told_so()
    {
        var scene = new Scene(gateway, SampleWorkflows.Reviewed);
        await using var one = await TDoor.ConnectAsync(gateway);
        await one.StartAsync(scene.Start);
        await using var two = await TDoor.WatchAsync(gateway, scene.Id);
        (await scene.CallAsync("a")).Say("A draft.").End();
        var frames = await one.ReadToAsync(f => f.Is("execution:paused"));
        await two.ReadToAsync(f => f.Is("execution:paused"));

        var suspended = Assert.Single(frames, f => f.IsStatus("suspended"));
        Assert.Equal("Good?", suspended.Data.GetProperty("prompt").GetProperty("text").GetString());
        Assert.Equal("paused awaiting_input", frames[^1].Gist);
        var prompt = suspended.Data.GetProperty("prompt").GetProperty("prompt_id").GetString();

        var codes = await Task.WhenAll(
            Doors.CodeAsync(one.SayAsync(scene.Id, new UserInput { Content = "one says yes", PromptId = prompt })),
            Doors.CodeAsync(two.SayAsync(scene.Id, new UserInput { Content = "two says no", PromptId = prompt })));

        Assert.Equal([null, ErrorCode.PromptAnswered], codes.Order());
        var (won, lost) = codes[0] is null ? ("one says yes", "two says no") : ("two says no", "one says yes");
        var b = await scene.CallAsync("b");
        var heard = string.Concat(b.Messages.Select(m => m.Text));
        Assert.Contains(won, heard);
        Assert.DoesNotContain(lost, heard);
        b.Say("Final.").End();

        frames.AddRange(await one.ReadToEndAsync());
        Rules.Check(frames);
        Assert.Single(frames, f => f.Gist == $"review: {won}" && f["agent_id"] == "user");
        Assert.Equal("Final.", frames[^1]["output"]);
    }

    [Fact]
    public async Task What_is_said_to_the_whole_session_is_heard_by_who_starts_afterwards()
    {
        var scene = new Scene(gateway, SampleWorkflows.Debate);
        await using var door = await TDoor.ConnectAsync(gateway);
        await door.StartAsync(scene.Start);
        var a = await scene.CallAsync("a");
        var b = await scene.CallAsync("b");

        await door.SayAsync(scene.Id, new UserInput { Content = "Mind the cost." });
        a.Say("A.").End();
        b.Say("B.").End();
        var judge = await scene.CallAsync("judge");
        judge.Say("Tea.").End();

        var frames = await door.ReadToEndAsync();
        Rules.Check(frames);
        Assert.Single(frames, f => f.Gist == "user: Mind the cost." && f.NodeId is null);
        Assert.Contains("Mind the cost.", string.Concat(judge.Messages.Select(m => m.Text)));
        Assert.DoesNotContain("Mind the cost.", string.Concat(a.Messages.Select(m => m.Text)));
    }

    [Fact]
    public async Task A_pause_outranks_the_wait_for_an_answer()
    {
        var scene = new Scene(gateway, SampleWorkflows.Reviewed);
        await using var door = await TDoor.ConnectAsync(gateway);
        await door.StartAsync(scene.Start);
        (await scene.CallAsync("a")).Say("A draft.").End();
        var frames = await door.ReadToAsync(f => f.Gist == "paused awaiting_input");

        await door.PauseAsync(scene.Id);
        await door.SayAsync(scene.Id, new UserInput { Content = "fine", NodeId = "review" });
        Assert.Equal(ErrorCode.PromptAnswered, await Doors.CodeAsync(door.SayAsync(scene.Id, new UserInput { Content = "late", NodeId = "review" })));
        await door.ResumeAsync(scene.Id);
        (await scene.CallAsync("b")).Say("Final.").End();

        frames.AddRange(await door.ReadToEndAsync());
        Rules.Check(frames);
        Assert.Single(frames, f => f.Gist == "review: fine");
    }
}
