using System.Net.Http.Json;
using System.Text.Json;
using Gateway.Contracts;
using Gateway.Tests.Infrastructure;
using Xunit;

namespace Gateway.Tests.EndToEnd;

/// <summary>The main job with the built-in model: a debate runs, and is watched whole.</summary>
public abstract class DebateSuite<TDoor>(SocketFixture gateway) : IClassFixture<SocketFixture>
    where TDoor : IDoorKind
{
    private static readonly string[] Jurors = ["practice", "people", "future"];

    [Fact]
    public async Task A_council_debates_and_decides()
    {
        var frames = await DebateAsync(Starts.NewId());

        Rules.Check(frames);
        var story = frames.Select(f => f.Gist).ToList();
        Assert.Contains("debate forks", story);
        Assert.All(["affirmative", "negative"], branch => Assert.True(story.IndexOf($"{branch} completed") < story.IndexOf("jury forks"), $"{branch} completed too late"));
        Assert.All(Jurors, juror => Assert.True(story.IndexOf($"{juror} completed") < story.IndexOf("count running"), $"{juror} voted too late"));
        Assert.True(story.IndexOf("count completed") < story.IndexOf("adjudicator running"), "The votes were counted too late");
        Assert.Equal("session completed", story[^1]);

        var text = Texts(frames);
        Assert.All(["affirmative", "negative", "adjudicator"], node => Assert.Contains("trams", text[node], StringComparison.OrdinalIgnoreCase));
        Assert.Equal(text["adjudicator"], frames[^1]["output"]);
        Assert.Equal(6, frames.Count(f => f.Is("token_usage")));
    }

    [Fact]
    public async Task Three_jurors_vote_and_their_ballots_are_counted()
    {
        var frames = await DebateAsync(Starts.NewId());

        var text = Texts(frames);
        var decisions = Jurors.Select(juror => JsonElement.Parse(text[juror]).GetProperty("decision").GetString()).ToList();
        var result = frames.Single(f => f.Gist == "count completed").Data.GetProperty("result");
        Assert.Equal((decisions.Count("yes".Equals), decisions.Count("no".Equals), decisions.Count("abstain".Equals)), (Number("yes"), Number("no"), Number("abstain")));
        Assert.Equal(Number("yes") > Number("no"), result.GetProperty("approved").GetBoolean());

        int Number(string name) => result.GetProperty(name).GetInt32();
    }

    [Fact]
    public async Task The_totals_are_what_the_nodes_used()
    {
        var frames = await DebateAsync(Starts.NewId());

        var usages = frames.Where(f => f.Is("token_usage")).ToList();
        var totals = frames[^1].Data.GetProperty("totals");
        Assert.Equal(usages.Sum(u => u.Data.GetProperty("input_tokens").GetInt64()), totals.GetProperty("input_tokens").GetInt64());
        Assert.Equal(usages.Sum(u => u.Data.GetProperty("output_tokens").GetInt64()), totals.GetProperty("output_tokens").GetInt64());
        Assert.All(usages, u => Assert.True(u.Data.GetProperty("output_tokens").GetInt64() > 0));
    }

    [Fact]
    public async Task What_was_streamed_is_what_the_session_holds()
    {
        var id = Starts.NewId();
        var frames = await DebateAsync(id);

        using var http = gateway.CreateClient();
        var session = await http.GetFromJsonAsync<JsonElement>($"/api/v1/sessions/{id}");

        Assert.Equal("completed", session.GetProperty("status").GetString());
        Assert.Equal(frames.Count, session.GetProperty("last_seq").GetInt64());
        foreach (var (node, text) in Texts(frames)) Assert.Equal(text, session.GetProperty("nodes").GetProperty(node).GetProperty("text").GetString());
    }

    [Fact]
    public async Task One_who_comes_later_reads_the_very_same()
    {
        var id = Starts.NewId();
        var live = await DebateAsync(id);

        await using var late = await TDoor.WatchAsync(gateway, id);

        Assert.Equal(live.Select(f => f.Json.ToString()), (await late.ReadToEndAsync()).Select(f => f.Json.ToString()));
    }

    private async Task<List<Frame>> DebateAsync(string id)
    {
        await using var door = await TDoor.ConnectAsync(gateway);
        await door.StartAsync(new StartSession { WorkflowId = "council-debate", Subject = "Should the town build trams?", SessionId = id });
        return await door.ReadToEndAsync();
    }

    private static Dictionary<string, string> Texts(IEnumerable<Frame> frames) =>
        frames.Where(f => f.Is("token_stream")).GroupBy(f => f.NodeId!).ToDictionary(g => g.Key, g => string.Concat(g.Select(f => f["chunk"])));
}
