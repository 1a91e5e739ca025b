using System.Net.Http.Json;
using Gateway.Contracts;
using Gateway.Tests.Crash;
using Gateway.Tests.Infrastructure;
using Xunit;

namespace Gateway.Tests.EndToEnd;

/// <summary>The shipped loop with the built-in model: scores rise until they are high enough, and a person has a say in each round.</summary>
public sealed class CouncilOptimizeTests
{
    [Fact]
    public async Task A_proposal_is_improved_until_it_scores_ninety()
    {
        await using var gateway = await CustomFixture.StartAsync();
        using var http = gateway.CreateClient();
        using var started = await http.PostAsJsonAsync("/api/v1/sessions", new { workflow_id = "council-optimize", subject = "Should the town build trams?", session_id = "better" }, TestContext.Current.CancellationToken);
        Assert.True(started.IsSuccessStatusCode);
        await using var raw = await Watching.RawAsync(gateway, "better");
        var scores = new List<int>();
        while (scores.Count == 0 || scores[^1] < 90)
        {
            Assert.True(scores.Count < 5, $"No end after {string.Join(", ", scores)}");
            var prompt = (await raw.UntilAsync<NodeStateChange>(change => change.Status == NodeStatus.Suspended)).Data.Prompt!;
            Assert.StartsWith($"Round {scores.Count + 1}, score ", prompt.Text, StringComparison.Ordinal);
            scores.Add(int.Parse(prompt.Text.Split("score ")[1].Split(':')[0], System.Globalization.CultureInfo.InvariantCulture));
            await gateway.SayAsync("better", "fine", prompt.PromptId);
        }

        var output = (await raw.UntilAsync<ExecutionCompleted>()).Data.Output!;
        Assert.True(scores.Count > 1 && scores.SequenceEqual(scores.Order()), string.Join(", ", scores));
        Assert.EndsWith($"Score {scores[^1]} after {scores.Count} rounds (score).", output.TrimEnd(), StringComparison.Ordinal);
        Assert.Contains("trams", output, StringComparison.OrdinalIgnoreCase);
    }
}
