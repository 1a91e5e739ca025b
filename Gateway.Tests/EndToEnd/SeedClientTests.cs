using System.Net.Http.Json;
using System.Text.Json;
using Gateway.Tests.Infrastructure;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Gateway.Tests.EndToEnd;

/// <summary>A browser that knows only the seed's protocol gets a whole session right.</summary>
public sealed class SeedClientTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task It_shows_a_whole_debate(bool readsNodeFromData)
    {
        await using var gateway = await CustomFixture.StartAsync();
        var clock = new FakeTimeProvider();
        await using var client = await SeedClient.ConnectAsync(gateway, clock, readsNodeFromData);
        await using var onlooker = await SeedClient.ConnectAsync(gateway, clock, readsNodeFromData);

        clock.Advance(TimeSpan.FromSeconds(30));
        await client.UntilAsync(c => c.Ignored == 1);
        await client.CommandAsync("start_session", new { template_id = "council-debate", subject = "Should the town build trams?" });
        await client.UntilAsync(c => c.Messages.Count == 1);
        clock.Advance(TimeSpan.FromSeconds(30));
        await client.UntilAsync(c => c.ExecutionStatus == "completed" && c.Ignored == 2);

        // The seed's broadcast: a page that only looks on shows the same.
        await onlooker.UntilAsync(c => c.ExecutionStatus == "completed" && c.Ignored == 2);
        Assert.Equal(client.Messages, onlooker.Messages);

        var session = await OnlySessionAsync(gateway);
        Assert.Equal(["affirmative", "negative", "practice", "people", "future"], client.ActiveNodes);
        Assert.Equal(["adjudicator", "affirmative", "count", "future", "negative", "people", "practice"], client.Messages.Keys.Order());
        foreach (var (node, text) in client.Messages)
        {
            var snapshot = session.GetProperty("nodes").GetProperty(node);
            Assert.Equal(snapshot.GetProperty("text").GetString(), text);
            if (node != "count") Assert.True(client.OutputTokens[node] > 0);
        }

        Assert.All(client.NodeStatuses, status => Assert.Equal("completed", status.Value));
        Assert.Equal(session.GetProperty("nodes").EnumerateObject().Select(n => n.Name).Where(n => n != "start").Order(), client.NodeStatuses.Keys.Where(n => n != "start").Order());
        Assert.Equal(0, client.Cost);
        Assert.Null(client.LastError);
    }

    [Fact]
    public async Task It_steers_without_ids_and_sessions()
    {
        await using var gateway = await CustomFixture.StartAsync();
        await using var client = await SeedClient.ConnectAsync(gateway, new FakeTimeProvider(), readsNodeFromData: true);
        await client.CommandAsync("start_session", new { workflow_id = "reviewed-draft", input = new { subject = "A letter" } });
        await client.UntilAsync(c => c.ExecutionStatus == "paused");
        Assert.Equal("suspended", client.NodeStatuses["review"]);

        await client.CommandAsync("pause_session");
        await client.CommandAsync("resume_session", new { });
        await client.CommandAsync("user_input", new { content = "fine" });
        await client.UntilAsync(c => c.ExecutionStatus == "completed");

        Assert.Equal("fine", client.Messages["review"]);
        Assert.Equal("completed", client.NodeStatuses["final"]);
        Assert.Null(client.LastError);
    }

    [Fact]
    public async Task It_is_told_what_went_wrong()
    {
        await using var gateway = await CustomFixture.StartAsync();
        await using var client = await SeedClient.ConnectAsync(gateway, new FakeTimeProvider(), readsNodeFromData: true);

        await client.CommandAsync("start_session", new { workflow_id = "nothing" });
        await client.UntilAsync(c => c.LastError is not null);

        Assert.Contains("nothing", client.LastError);
    }

    private static async Task<JsonElement> OnlySessionAsync(GatewayFixture gateway)
    {
        using var http = gateway.CreateClient();
        var list = await http.GetFromJsonAsync<JsonElement>("/api/v1/sessions");
        var id = Assert.Single(list.GetProperty("sessions").EnumerateArray()).GetProperty("session_id").GetString();
        return await http.GetFromJsonAsync<JsonElement>($"/api/v1/sessions/{id}");
    }
}
