using System.Net;
using System.Text;
using System.Text.Json;
using Gateway.Engine;
using Gateway.Tests.Engine.OwnKinds;
using Gateway.Tests.Infrastructure;
using Xunit;

namespace Gateway.Tests.Engine;

/// <summary>What is wrong with a node of a host's own kind is told as for the gateway's own, with path and sentence.</summary>
public sealed class OwnKindDefinitionTests(OwnKindDefinitionTests.Host gateway) : IClassFixture<OwnKindDefinitionTests.Host>
{
    [Theory]
    [InlineData("""{"tokens":2}""", null)]
    [InlineData("""{"tokens":2,"tokenz":3}""", "nodes.sum.with.tokenz: Unknown key 'tokenz'; did you mean 'tokens'?")]
    [InlineData("""{"tokens":2,"rounds":3}""", "nodes.sum.with.rounds: Unknown key 'rounds'; the keys here are tokens.")]
    [InlineData("""{"tokens":"two"}""", "nodes.sum.with.tokens: Expected a whole number.")]
    [InlineData("""{"tokens":2.5}""", "nodes.sum.with.tokens: Expected a whole number.")]
    [InlineData("{}", "nodes.sum.with: The key 'tokens' is missing; give it a whole number.")]
    [InlineData("null", "nodes.sum.with: The key 'tokens' is missing; give it a whole number.")]
    [InlineData("5", "nodes.sum.with: Expected keys with values, not '5'. nodes.sum.with: The key 'tokens' is missing; give it a whole number.")]
    [InlineData("""{"tokens":0}""", "nodes.sum.with.tokens: A node waits for at least 1 token.")]
    [InlineData("""{"tokens":7}""", "nodes.sum.with.tokens: The node waits for 7 tokens, but only 3 nodes lead to it.")]
    [InlineData("""{"tokens":2},"agent":null""", "nodes.sum.agent: The agent is missing; name one of 'agents'.")]
    [InlineData("""{"tokens":2},"prompt":"Why?" """, "nodes.sum.prompt: A node of type 'wait_for_all_tokens' has no prompt; take it out, or make the node one of type 'agent' or 'human_review'.")]
    public async Task What_is_wrong_with_it_in_a_definition_is_told_with_path_and_sentence(string with, string? problem)
    {
        var agent = with.Contains("\"agent\"", StringComparison.Ordinal) ? string.Empty : "\"agent\":\"a\",";
        var (status, detail) = await StartAsync($$"""{"type":"wait_for_all_tokens","next":"end",{{agent}}"with":{{with}}}""");

        if (problem is null) Assert.Equal(HttpStatusCode.Created, status);
        else Assert.Equal((HttpStatusCode.UnprocessableEntity, $"The workflow cannot run. {problem}"), (status, detail));
    }

    [Fact]
    public async Task A_kind_without_keys_of_its_own_has_no_with()
    {
        var (_, detail) = await StartAsync("""{"type":"parallel","next":"end","with":{"tokens":2}}""");

        Assert.Equal("The workflow cannot run. nodes.sum.with: A node of type 'parallel' has no 'with'; take it out.", detail);
    }

    // Starts a session with three branches and this node behind them; returns the status and the refusal.
    private async Task<(HttpStatusCode Status, string? Detail)> StartAsync(string node)
    {
        var workflow = $$$"""
            {"agents":{"a":{}},"nodes":{"start":{"type":"start","next":"fork"},"fork":{"type":"parallel","next":["a","b","c"]},
            "a":{"type":"agent","agent":"a","next":"sum"},"b":{"type":"agent","agent":"a","next":"sum"},"c":{"type":"agent","agent":"a","next":"sum"},
            "sum":{{{node}}},"end":{"type":"end"}}
            }
            """;
        using var http = gateway.CreateClient();
        using var body = new StringContent($$"""{"workflow":{{workflow}},"subject":"Why?"}""", Encoding.UTF8, "application/json");
        using var answer = await http.PostAsync(new Uri("/api/v1/sessions", UriKind.Relative), body, TestContext.Current.CancellationToken);
        var text = JsonElement.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        return (answer.StatusCode, text.TryGetProperty("detail", out var detail) ? detail.GetString() : null);
    }

    public sealed class Host() : GatewayFixture(sockets: false, services: services => services.AddNodeKind<WaitForAllTokens>());
}
