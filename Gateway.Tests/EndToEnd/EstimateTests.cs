using System.Text;
using System.Text.Json;
using Gateway.Tests.Infrastructure;
using Xunit;

namespace Gateway.Tests.EndToEnd;

/// <summary>What a session would consume is told without starting one.</summary>
public sealed class EstimateTests(SocketFixture gateway) : IClassFixture<SocketFixture>
{
    [Fact]
    public async Task A_debate_is_estimated_node_by_node_and_its_branches_side_by_side()
    {
        var estimate = await EstimateAsync("""{"workflow_id":"council-debate","subject":"Should cities ban cars?"}""");

        Assert.Equal("completed", estimate.GetProperty("status").GetString());
        var nodes = estimate.GetProperty("nodes");
        Assert.Equal(["adjudicator", "affirmative", "future", "negative", "people", "practice"], nodes.EnumerateObject().Select(node => node.Name).Order(StringComparer.Ordinal));
        Assert.Equal(nodes.EnumerateObject().Sum(node => node.Value.GetProperty("output_tokens").GetInt64()), estimate.GetProperty("totals").GetProperty("output_tokens").GetInt64());
        var seconds = nodes.EnumerateObject().ToDictionary(node => node.Name, node => node.Value.GetProperty("seconds").GetDouble());
        var longest = new[] { new[] { "affirmative", "negative" }, ["practice", "people", "future"], ["adjudicator"] }.Sum(side => side.Max(node => seconds[node]));
        Assert.Equal(longest, estimate.GetProperty("seconds").GetDouble(), tolerance: 0.3);
    }

    [Fact]
    public async Task A_loop_with_a_review_is_followed_to_its_end()
    {
        var estimate = await EstimateAsync("""{"workflow_id":"council-optimize","subject":"Trams"}""");

        Assert.Equal("completed", estimate.GetProperty("status").GetString());
        var rounds = estimate.GetProperty("nodes").GetProperty("adjudicator").GetProperty("calls").GetInt32();
        Assert.InRange(rounds, 2, 5);
        Assert.Equal(rounds, estimate.GetProperty("prompts").GetInt32());
    }

    [Fact]
    public async Task Twice_the_same_is_the_same_and_no_session_comes_of_it()
    {
        const string Start = """{"workflow_id":"quick-answer","subject":"Tea?","session_id":"never"}""";

        Assert.Equal((await EstimateAsync(Start)).GetRawText(), (await EstimateAsync(Start)).GetRawText());
        using var http = gateway.CreateClient();
        Assert.Equal(404, (int)(await http.GetAsync(new Uri("/api/v1/sessions/never", UriKind.Relative), TestContext.Current.CancellationToken)).StatusCode);
    }

    [Fact]
    public async Task A_loop_of_ten_thousand_rounds_is_followed_as_far_as_the_bound()
    {
        var estimate = await EstimateAsync("""
            {"subject":"x","workflow":{"agents":{"a":{"max_output_tokens":1}},"nodes":{"s":{"type":"start","next":"l"},"l":{"type":"loop","with":{"body":"a","max_rounds":10000},"next":"e"},"a":{"type":"agent","agent":"a","prompt":"Say.","next":"l"},"e":{"type":"end"}}}}
            """);

        Assert.False(estimate.TryGetProperty("status", out _));
        Assert.Equal(1000, estimate.GetProperty("nodes").GetProperty("a").GetProperty("calls").GetInt32());
    }

    [Fact]
    public async Task A_prompt_that_takes_only_actions_is_approved()
    {
        var estimate = await EstimateAsync("""
            {"subject":"x","workflow":{"nodes":{"s":{"type":"start","next":"r"},"r":{"type":"human_review","prompt":"Good?","with":{"actions":["reject","approve"]},"next":"e"},"e":{"type":"end"}}}}
            """);

        Assert.Equal(("completed", 1), (estimate.GetProperty("status").GetString(), estimate.GetProperty("prompts").GetInt32()));
    }

    [Fact]
    public async Task A_child_workflow_is_estimated_with_its_own_agents()
    {
        var estimate = await EstimateAsync("""
            {"subject":"x","workflow":{"nodes":{"s":{"type":"start","next":"part"},"part":{"type":"workflow","with":{"workflow":"quick-answer"},"next":"e"},"e":{"type":"end"}}}}
            """);

        Assert.Equal("completed", estimate.GetProperty("status").GetString());
        Assert.Equal(["part/answer"], estimate.GetProperty("nodes").EnumerateObject().Select(node => node.Name));
    }

    [Theory]
    [InlineData("""{"workflow_id":"nobody"}""", 404)]
    [InlineData("""{"workflow":{"nodes":{}}}""", 422)]
    [InlineData("""{"workflow_id":"quick-answer","input":5}""", 400)]
    public async Task What_could_not_start_is_refused(string start, int status)
    {
        using var http = gateway.CreateClient();
        var answer = await http.PostAsync(new Uri("/api/v1/workflows/estimate", UriKind.Relative), new StringContent(start, Encoding.UTF8, "application/json"), TestContext.Current.CancellationToken);

        Assert.Equal(status, (int)answer.StatusCode);
    }

    private async Task<JsonElement> EstimateAsync(string start)
    {
        using var http = gateway.CreateClient();
        var answer = await http.PostAsync(new Uri("/api/v1/workflows/estimate", UriKind.Relative), new StringContent(start, Encoding.UTF8, "application/json"), TestContext.Current.CancellationToken);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode, text);
        return JsonElement.Parse(text);
    }
}
