using System.Net;
using System.Text;
using System.Text.Json;
using Gateway.Contracts;
using Gateway.Tests.Infrastructure;
using Xunit;

namespace Gateway.Tests.Doors.Http;

/// <summary>A disk that fills: nothing new begins, and what runs ends.</summary>
public sealed class DiskReserveTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_start_is_refused_by_the_settings_name_while_a_session_that_runs_ends()
    {
        using var folder = new TempFolder();
        var settings = new Dictionary<string, string?> { ["Gateway:Storage:Provider"] = "sqlite", ["Gateway:Storage:Path"] = folder.At("log.db"), ["Gateway:Storage:ReserveBytes"] = "0" };
        await using (var roomy = await CustomFixture.StartAsync(settings))
        {
            await using var watching = await WsClient.ConnectAsync(roomy);
            await watching.AckAsync("start_session", new { workflow_id = "reviewed-draft", session_id = "runs", subject = "A letter" });
            while ((await watching.EventAsync()).GetProperty("event").GetString() != "execution:paused")
            {
                // Up to the prompt.
            }
        }

        settings["Gateway:Storage:ReserveBytes"] = $"{long.MaxValue}";
        await using var full = await CustomFixture.StartAsync(settings);
        using var client = full.CreateClient();
        await using var reader = await WsClient.ConnectAsync(full, "/ws?session_id=runs");

        var refusal = await PostAsync(client, "", """{"workflow_id":"quick-answer","session_id":"new"}""");
        var answer = await PostAsync(client, "/runs/input", """{"content":"Fine."}""");
        var events = await reader.ReadToEndAsync("runs");

        var problem = JsonElement.Parse(await refusal.Content.ReadAsStringAsync(Token));
        Assert.Equal((HttpStatusCode.ServiceUnavailable, ErrorCode.StorageUnavailable), (refusal.StatusCode, problem.GetProperty("code").GetString()));
        Assert.Contains("Gateway:Storage:ReserveBytes", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain(folder.Path, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync("/api/v1/sessions/new", Token)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(SessionStatus.Completed, events[^1].GetProperty("data").GetProperty("status").GetString());
    }

    private static async Task<HttpResponseMessage> PostAsync(HttpClient client, string path, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        return await client.PostAsync($"/api/v1/sessions{path}", content, Token);
    }
}
