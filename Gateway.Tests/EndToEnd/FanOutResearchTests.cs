using System.Net.Http.Json;
using System.Text.Json;
using Gateway.Contracts;
using Gateway.Tests.Crash;
using Gateway.Tests.Infrastructure;
using Xunit;

namespace Gateway.Tests.EndToEnd;

/// <summary>The shipped map with the built-in model: a plan gives questions, each is researched twice, one answer to each is enough.</summary>
public sealed class FanOutResearchTests
{
    [Fact]
    public async Task Each_question_of_the_plan_is_researched_and_the_slower_researcher_is_cancelled()
    {
        await using var gateway = await CustomFixture.StartAsync();
        using var http = gateway.CreateClient();
        using var started = await http.PostAsJsonAsync("/api/v1/sessions", new { workflow_id = "fan-out-research", subject = "Should the town build trams?", session_id = "research" }, TestContext.Current.CancellationToken);
        Assert.True(started.IsSuccessStatusCode);
        await using var raw = await Watching.RawAsync(gateway, "research");

        var output = (await raw.UntilAsync<ExecutionCompleted>()).Data.Output!;

        var text = raw.Events.OfType<SessionEvent<TokenStream>>().GroupBy(e => e.NodeId!).ToDictionary(node => node.Key, node => string.Concat(node.Select(e => e.Data.Chunk)));
        Assert.Equal(text["summary"], output);
        var questions = JsonElement.Parse(text["plan"]).GetProperty("questions").EnumerateArray().Select(question => question.GetString()!).ToList();
        Assert.InRange(questions.Count, 3, 5);
        var last = raw.Events.OfType<SessionEvent<NodeStateChange>>().GroupBy(e => e.NodeId!).ToDictionary(node => node.Key, node => node.Last().Data.Status);
        Assert.All(Enumerable.Range(0, questions.Count), item =>
        {
            Assert.Equal(
                [NodeStatus.Cancelled, NodeStatus.Completed],
                new[] { last[$"read[{item}]"], last[$"think[{item}]"] }.Order(StringComparer.Ordinal));
        });

        // Something came back from each.
        Assert.Equal(questions.Count, raw.Events.OfType<SessionEvent<NodeStateChange>>().Single(e => e is { NodeId: "each", Data.Status: NodeStatus.Completed }).Data.Result!.Value.GetProperty("returned").GetInt32());
    }
}
