using System.Net.Http.Json;
using System.Text.Json;
using Gateway.Contracts;
using Gateway.Tests.Infrastructure;
using Xunit;

namespace Gateway.Tests.EndToEnd;

/// <summary>Promise 6: pause means pause.</summary>
public abstract class PauseSuite<TDoor>(GatedGateway gateway) : IClassFixture<GatedGateway>
    where TDoor : IDoorKind
{
    [Fact]
    public async Task No_token_appears_in_mid_sentence_until_resume_goes_on_with_the_very_next_one()
    {
        var scene = new Scene(gateway, SampleWorkflows.Debate);
        await using var door = await TDoor.ConnectAsync(gateway);
        await door.StartAsync(scene.Start);
        var a = await scene.CallAsync("a");
        var b = await scene.CallAsync("b");
        a.Say("one ");
        var frames = await door.ReadToAsync(f => f.Gist == "a: one ");

        await door.PauseAsync(scene.Id);
        a.Say("two ", "three ");
        b.Say("hm ");
        await a.Asked();

        // The second pause is answered by the session's loop, which has seen what the models said by then.
        await door.PauseAsync(scene.Id);
        var paused = await door.NextAsync();
        Assert.Equal("paused user_requested", paused.Gist);
        var session = await SessionAsync(scene.Id);
        Assert.Equal(paused.Seq, session.GetProperty("last_seq").GetInt64());
        Assert.Equal("paused", session.GetProperty("status").GetString());

        await door.ResumeAsync(scene.Id);
        var resumed = await door.ReadToAsync(f => f.Gist == "a: three ");
        Assert.True(resumed[0].IsStatus("running"), resumed[0].Gist);
        Assert.Equal(["a: two ", "a: three "], resumed.Where(f => f.Is("token_stream") && f.NodeId == "a").Select(f => f.Gist));

        a.End();
        b.End();
        (await scene.CallAsync("judge")).Say("tea").End();
        frames = [.. frames, paused, .. resumed, .. await door.ReadToEndAsync()];
        Rules.Check(frames);
        Assert.Equal("one two three ", string.Concat(frames.Where(f => f.Is("token_stream") && f.NodeId == "a").Select(f => f["chunk"])));
        Assert.Contains("b: hm ", frames.Select(f => f.Gist));
    }

    [Fact]
    public async Task Time_limits_stand_still_with_the_session()
    {
        var scene = new Scene(gateway, SampleWorkflows.Quick);
        await using var door = await TDoor.ConnectAsync(gateway);
        await door.StartAsync(scene.Start);
        var a = await scene.CallAsync("a");
        a.Say("one ");
        var frames = await door.ReadToAsync(f => f.Gist == "a: one ");

        await door.PauseAsync(scene.Id);
        gateway.Time.Advance(TimeSpan.FromHours(1));
        await door.ResumeAsync(scene.Id);
        a.Say("two").End();

        frames.AddRange(await door.ReadToEndAsync());
        Rules.Check(frames);
        Assert.Equal("one two", frames[^1]["output"]);
    }

    [Fact]
    public async Task A_pause_that_another_client_asked_for_is_seen_by_all()
    {
        var scene = new Scene(gateway, SampleWorkflows.Quick);
        await using var starter = await TDoor.ConnectAsync(gateway);
        await starter.StartAsync(scene.Start);
        var a = await scene.CallAsync("a");
        await using var other = await TDoor.WatchAsync(gateway, scene.Id);

        await other.PauseAsync(scene.Id);
        await starter.ReadToAsync(f => f.Gist == "paused user_requested");
        await starter.ResumeAsync(scene.Id);
        a.Say("tea").End();

        var frames = await other.ReadToEndAsync();
        Rules.Check(frames);
        Assert.Single(frames, f => f.Is("execution:paused"));
    }

    [Fact]
    public async Task What_is_said_in_a_pause_waits_for_resume_and_is_heard_by_who_starts_then()
    {
        var scene = new Scene(gateway, SampleWorkflows.Debate);
        await using var door = await TDoor.ConnectAsync(gateway);
        await door.StartAsync(scene.Start);
        var a = await scene.CallAsync("a");
        var b = await scene.CallAsync("b");

        await door.PauseAsync(scene.Id);
        await door.SayAsync(scene.Id, new UserInput { Content = "Mind the cost." });
        var frames = await door.ReadToAsync(f => f.Is("execution:paused"));
        var held = await door.NextAsync();
        Assert.Equal("paused user_requested", held.Gist);
        Assert.Equal("Mind the cost.", held.Data.GetProperty("held_input").GetProperty("content").GetString());

        await door.ResumeAsync(scene.Id);
        a.Say("A.").End();
        b.Say("B.").End();
        var judge = await scene.CallAsync("judge");
        judge.Say("Tea.").End();

        frames = [.. frames, held, .. await door.ReadToEndAsync()];
        Rules.Check(frames);
        Assert.Single(frames, f => f.Gist == "user: Mind the cost.");
        Assert.Contains("Mind the cost.", string.Concat(judge.Messages.Select(m => m.Text)));
    }

    private async Task<JsonElement> SessionAsync(string id)
    {
        using var http = gateway.CreateClient();
        return await http.GetFromJsonAsync<JsonElement>($"/api/v1/sessions/{id}");
    }
}
