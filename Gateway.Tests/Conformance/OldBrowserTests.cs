using System.Net.WebSockets;
using System.Text.Json;
using Gateway.Tests.EndToEnd;
using Gateway.Tests.Infrastructure;
using Xunit;

namespace Gateway.Tests.Conformance;

/// <summary>The pages of the replaced system know neither seqs nor sessions; what they can survive, they do.</summary>
[Collection(KitCollection.Name)]
public sealed class OldBrowserTests(KitProcess kit)
{
    // Its stores append what comes, drop what they have seen by event and time, and pass over what they do not know.
    [Theory]
    [InlineData("none")]
    [InlineData("duplicate")]
    [InlineData("stall")]
    [InlineData("slow")]
    [InlineData("unknown")]
    [InlineData("clock")]
    public async Task It_shows_the_whole_session(string fault)
    {
        using var socket = new ClientWebSocket();
        await Wait.For(socket.ConnectAsync(new UriBuilder(kit.Address) { Scheme = "ws", Path = "/ws", Query = $"fault={fault}&ms=50" }.Uri, TestContext.Current.CancellationToken), "the connection");
        await using var browser = new SeedClient(new RawReader(socket), readsNodeFromData: true);
        var id = $"old-{fault}";

        await browser.CommandAsync("start_session", new { workflow_id = "conformance", subject = "Tea or coffee?", session_id = id });
        await browser.UntilAsync(page => page.NodeStatuses.GetValueOrDefault("review") == "suspended");
        Assert.Equal(["pro", "con"], browser.ActiveNodes);
        await browser.CommandAsync("user_input", new { content = "yes" });
        await browser.UntilAsync(page => page.ExecutionStatus == "completed");

        var nodes = JsonElement.Parse(await kit.GetAsync($"/api/v1/sessions/{id}")).GetProperty("nodes");
        foreach (var node in (string[])["pro", "con", "review", "judge"])
        {
            Assert.Equal(nodes.GetProperty(node).GetProperty("text").GetString(), browser.Messages[node]);
            Assert.Equal("completed", browser.NodeStatuses[node]);
        }

        // It knows no rounds: those of a loop follow each other.
        Assert.EndsWith(nodes.GetProperty("critic").GetProperty("text").GetString(), browser.Messages["critic"], StringComparison.Ordinal);
        Assert.Equal(["con", "critic", "judge", "pro"], browser.OutputTokens.Keys.Order(StringComparer.Ordinal));
        Assert.Null(browser.LastError);
    }
}
