using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Gateway.Contracts;
using Gateway.Tests.Crash;
using Gateway.Tests.Infrastructure;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Gateway.Tests.Inbox;

/// <summary><c>GET /api/v1/prompts</c> as pages.</summary>
public sealed class PromptPageTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 2, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task What_waits_is_listed_by_pages_and_filters_and_can_be_watched_from_there()
    {
        var time = new FakeTimeProvider(Noon);
        await using var gateway = await CustomFixture.StartAsync(services: services => services.AddSingleton<TimeProvider>(time));
        foreach (var id in new[] { "s-1", "s-2", "s-3" })
        {
            await gateway.StartSessionAsync(id, SampleWorkflows.Gates with { Id = id == "s-2" ? "other" : "gates" });
            time.Advance(TimeSpan.FromMinutes(10));
        }

        var first = await PageAsync(gateway, "limit=2");
        Assert.Equal(["s-1", "s-2"], first.Prompts.Select(p => p.SessionId));
        Assert.Equal(Noon.UtcDateTime, first.Prompts[0].Since, TimeSpan.FromSeconds(1));
        var second = await PageAsync(gateway, $"limit=2&cursor={first.NextCursor}");
        Assert.Equal("s-3", Assert.Single(second.Prompts).SessionId);
        Assert.Null(second.NextCursor);

        Assert.Equal(["s-1", "s-3"], (await PageAsync(gateway, "workflow_id=gates")).Prompts.Select(p => p.SessionId));
        Assert.Equal(["s-1", "s-2"], (await PageAsync(gateway, "older_than=15m")).Prompts.Select(p => p.SessionId));
        Assert.Empty((await PageAsync(gateway, "older_than=7d")).Prompts);

        await gateway.CommandAsync("s-2", "cancel");
        await using var inbox = await SseInbox.ConnectAsync(gateway, new WatchInbox { After = first.Position });
        Assert.Equal((InboxEvents.Closed, "s-2"), (await inbox.NextAsync()) is var next ? (next.Event, next.Data!.SessionId) : default);
    }

    [Fact]
    public async Task All_pages_are_of_what_waited_at_the_first_and_a_watcher_hears_of_the_rest()
    {
        await using var gateway = await CustomFixture.StartAsync();
        foreach (var id in new[] { "s-1", "s-2" }) await gateway.StartSessionAsync(id, SampleWorkflows.Gates);
        var first = await PageAsync(gateway, "limit=1");
        await gateway.StartSessionAsync("s-3", SampleWorkflows.Gates);
        await gateway.StartSessionAsync("s-4", SampleWorkflows.Gates);

        var second = await PageAsync(gateway, $"limit=50&cursor={first.NextCursor}");
        Assert.Equal("s-2", Assert.Single(second.Prompts).SessionId);
        Assert.Null(second.NextCursor);
        Assert.Equal(first.Position, second.Position);

        await gateway.CommandAsync("s-3", "cancel");
        await using var inbox = await SseInbox.ConnectAsync(gateway, new WatchInbox { After = second.Position });
        Assert.Equal((InboxEvents.Opened, "s-4"), (await inbox.NextAsync()) is var next ? (next.Event, next.Data!.SessionId) : default);
    }

    [Theory]
    [InlineData("cursor=7", "'cursor'")]
    [InlineData("cursor=x", "'cursor'")]
    [InlineData("older_than=tomorrow", "'older_than'")]
    [InlineData("older_than=-1s", "'older_than'")]
    [InlineData("limit=0", "'limit'")]
    [InlineData("limit=501", "'limit'")]
    public async Task A_page_that_cannot_be_is_refused(string query, string names)
    {
        await using var gateway = await CustomFixture.StartAsync(sockets: false);
        using var http = gateway.CreateClient();
        using var answer = await http.GetAsync(new Uri($"/api/v1/prompts?{query}", UriKind.Relative));
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(ErrorCode.InvalidData, problem.GetProperty("code").GetString());
        Assert.Contains(names, problem.GetProperty("detail").GetString()!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stream_from_what_is_no_position_is_refused_before_it_begins()
    {
        await using var gateway = await CustomFixture.StartAsync(sockets: false);
        using var http = gateway.CreateClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/prompts?after=there");
        request.Headers.Accept.ParseAdd("text/event-stream");
        using var answer = await http.SendAsync(request);
        Assert.Equal((HttpStatusCode.BadRequest, "application/problem+json"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
    }

    [Fact]
    public async Task What_waits_survives_a_restart_and_is_answered_from_there()
    {
        using var folder = new TempFolder();
        var models = new GatedModels();
        string position;
        await using (var gateway = await Gateways.StartAsync(folder.At("gateway.db"), models))
        {
            await gateway.StartSessionAsync("s-1", SampleWorkflows.Gates);
            position = (await PageAsync(gateway, "")).Position;
        }

        await using var after = await Gateways.StartAsync(folder.At("gateway.db"), models);
        var waits = Assert.Single((await PageAsync(after, "")).Prompts);
        await using var inbox = await SseInbox.ConnectAsync(after, new WatchInbox { After = position });
        Assert.Equal(HttpStatusCode.OK, await after.SayAsync(waits.SessionId, "yes", waits.PromptId));
        Assert.Equal((InboxEvents.Closed, "first"), (await inbox.NextAsync()) is var next ? (next.Event, next.Data!.PromptId) : default);
        Assert.Equal("second", Assert.Single((await PageAsync(after, "")).Prompts).PromptId);
    }

    private static async Task<PromptPage> PageAsync(GatewayFixture gateway, string query)
    {
        using var http = gateway.CreateClient();
        return (await http.GetFromJsonAsync(new Uri($"/api/v1/prompts?{query}", UriKind.Relative), ContractsJson.Wire.PromptPage))!;
    }
}
