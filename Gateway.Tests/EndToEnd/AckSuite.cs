using Gateway.Contracts;
using Gateway.Tests.Infrastructure;
using Xunit;

namespace Gateway.Tests.EndToEnd;

/// <summary>Who has read the event that an acknowledgement names has seen the whole effect of the command.</summary>
public abstract class AckSuite<TDoor>(GatedGateway gateway) : IClassFixture<GatedGateway>
    where TDoor : IDoorKind
{
    [Fact]
    public async Task Every_command_says_the_event_at_which_it_took_effect()
    {
        var scene = new Scene(gateway, SampleWorkflows.Debate);
        await using var door = await TDoor.ConnectAsync(gateway);

        var started = await ReadToAsync(door, await door.StartAsync(scene.Start));
        Assert.Equal(["a running", "b running"], started.Where(f => f.IsStatus("running") && f.NodeId is "a" or "b").Select(f => f.Gist).Order());

        var pause = await door.PauseAsync(scene.Id);
        Assert.Equal("paused user_requested", Assert.Single(await ReadToAsync(door, pause)).Gist);

        var said = await door.SayAsync(scene.Id, new UserInput { Content = "Mind the cost." });
        var held = Assert.Single(await ReadToAsync(door, said));
        Assert.Equal("Mind the cost.", held.Data.GetProperty("held_input").GetProperty("content").GetString());

        // Nothing is left to do, so it holds at the session's last event.
        Assert.Equal(said, await door.PauseAsync(scene.Id));

        var resumed = await ReadToAsync(door, await door.ResumeAsync(scene.Id));
        Assert.Contains(resumed, f => f.Gist == "user: Mind the cost.");
        Assert.Contains(resumed, f => f.IsStatus("running"));

        var cancel = await door.CancelAsync(scene.Id);
        Assert.Equal("session cancelled", (await ReadToAsync(door, cancel))[^1].Gist);
        Assert.Equal(cancel, await door.CancelAsync(scene.Id));
        Assert.Equal(cancel, await door.StartAsync(scene.Start));
    }

    // The models say nothing, so the effect of the command is all that comes: its last event is the one that was named.
    private static async Task<List<Frame>> ReadToAsync(IDoor door, long seq)
    {
        var frames = await door.ReadToAsync(f => f.Seq >= seq);
        Assert.Equal(seq, frames[^1].Seq);
        return frames;
    }
}
