using Gateway.Contracts;
using Gateway.Engine.Calls;
using Gateway.Models;
using Gateway.Tests.Infrastructure;
using Microsoft.Extensions.AI;
using Xunit;

namespace Gateway.Tests.Engine;

/// <summary>What tokens cost, and who used them.</summary>
public sealed class SpendingTests
{
    [Fact]
    public void Cached_and_reasoning_tokens_have_prices_of_their_own()
    {
        var tally = new UsageTally([]);
        tally.AddReported(null, new UsageDetails { InputTokenCount = 1000, CachedInputTokenCount = 400, OutputTokenCount = 500, ReasoningTokenCount = 200 });
        using var client = new GatedModel();
        var model = new Model { Name = "m", Client = client, InputPricePerMillion = 10, OutputPricePerMillion = 100, IdleTimeout = TimeSpan.FromSeconds(1), ReadAhead = 1 };

        Assert.Equal(((1000 * 10m) + (500 * 100m)) / 1_000_000, tally.ToPiece(model).CostUsd);
        var piece = tally.ToPiece(model with { CachedInputPricePerMillion = 1, ReasoningPricePerMillion = 200 });
        Assert.Equal(((600 * 10m) + (400 * 1m) + (300 * 100m) + (200 * 200m)) / 1_000_000, piece.CostUsd);
        Assert.Equal((400, 200), (piece.CachedTokens, piece.ReasoningTokens));
    }

    [Fact]
    public void More_of_a_part_than_of_the_whole_is_not_believed()
    {
        var tally = new UsageTally([]);
        tally.AddReported(null, new UsageDetails { InputTokenCount = 10, CachedInputTokenCount = 99, OutputTokenCount = 5, ReasoningTokenCount = 99 });
        using var client = new GatedModel();

        var piece = tally.ToPiece(new Model { Name = "m", Client = client, IdleTimeout = TimeSpan.FromSeconds(1), ReadAhead = 1 });

        Assert.Equal((10, 5), (piece.CachedTokens, piece.ReasoningTokens));
    }

    [Fact]
    public async Task Totals_tell_what_each_node_and_each_agent_used()
    {
        await using var gateway = await CustomFixture.StartAsync();
        using var http = gateway.CreateClient();
        var started = await http.PostAsync(new Uri("/api/v1/sessions", UriKind.Relative), new StringContent("""{"workflow_id":"council-debate","subject":"Trams?","session_id":"spent"}""", System.Text.Encoding.UTF8, "application/json"), TestContext.Current.CancellationToken);
        Assert.True(started.IsSuccessStatusCode);
        await using var raw = await Crash.Watching.RawAsync(gateway, "spent");
        var totals = (await raw.UntilAsync<ExecutionCompleted>()).Data.Totals;

        Assert.Equal(["adjudicator", "affirmative", "future", "negative", "people", "practice"], totals.Nodes!.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(["chief_justice", "citizen", "historian", "practitioner", "risk_auditor", "value_defender"], totals.Agents!.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(totals.InputTokens, totals.Nodes.Values.Sum(node => node.InputTokens));
        Assert.Equal(totals.OutputTokens, totals.Agents.Values.Sum(agent => agent.OutputTokens));
        var snapshot = System.Text.Json.JsonSerializer.Deserialize(await http.GetStringAsync(new Uri("/api/v1/sessions/spent", UriKind.Relative), TestContext.Current.CancellationToken), ContractsJson.Wire.SessionSnapshot)!;
        Assert.Equal(totals, snapshot.Totals);
    }
}
