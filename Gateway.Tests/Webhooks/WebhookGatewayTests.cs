using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Gateway.Contracts;
using Gateway.Tests.Crash;
using Gateway.Tests.Infrastructure;
using Gateway.Tests.Processes;
using Gateway.Webhooks;
using StandardWebhooks;
using Xunit;

namespace Gateway.Tests.Webhooks;

/// <summary>Webhooks of a whole gateway: settings, sessions, looking after them, and the end of its process.</summary>
public sealed class WebhookGatewayTests : IAsyncLifetime
{
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private Receiver _receiver = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private Dictionary<string, string?> Settings => new()
    {
        ["Gateway:Webhooks:AllowedNetworks"] = "127.0.0.0/8",
        ["Gateway:Webhooks:Endpoints:CRM:Url"] = _receiver.Url,
        ["Gateway:Webhooks:Endpoints:CRM:Secrets:0"] = Secret,
        ["Gateway:Webhooks:Endpoints:CRM:MaxTries"] = "1",
    };

    public async ValueTask InitializeAsync() => _receiver = await Receiver.StartAsync();

    public ValueTask DisposeAsync() => _receiver.DisposeAsync();

    [Fact]
    public async Task A_review_is_told_of_when_it_waits_and_when_the_session_has_ended()
    {
        await using var gateway = await CustomFixture.StartAsync(Settings);
        await gateway.StartWorkflowAsync("s", "reviewed-draft");

        var opened = await _receiver.NextAsync();
        new StandardWebhook(Secret).Verify(opened.Body, opened.Headers);
        Assert.Equal((WebhookTypes.PromptOpened, "s"), (opened.Type, opened.SessionId));
        await gateway.CommandAsync("s", "pause");
        await gateway.CommandAsync("s", "resume");
        Assert.Equal(HttpStatusCode.OK, await gateway.SayAsync("s", "fine", opened.Data.GetProperty("prompt_id").GetString()));

        // What was shown once more after the pause was told already.
        var ended = await _receiver.NextAsync();
        Assert.Equal((WebhookTypes.SessionCompleted, "s"), (ended.Type, ended.SessionId));
    }

    [Fact]
    public async Task They_are_listed_and_what_was_given_up_is_sent_again()
    {
        _receiver.Answer = (_, context) => Receiver.Status(context, HttpStatusCode.ServiceUnavailable);
        await using var gateway = await CustomFixture.StartAsync(Settings);
        gateway.Log.Announce(WebhooksEvents.GivenUp);
        using var http = gateway.CreateClient();
        foreach (var id in (string[])["a", "b"])
        {
            await gateway.StartWorkflowAsync(id, "quick-answer");
            await _receiver.NextAsync();
        }

        await Wait.Until(() => GetAsync(http, "").Result.GetProperty("webhooks")[0].GetProperty("dead_letters").GetInt32() == 2, "the dead letters");
        var endpoint = (await GetAsync(http, "")).GetProperty("webhooks").EnumerateArray().Single();
        Assert.Equal(("crm", "active", new Uri(_receiver.Url).GetLeftPart(UriPartial.Authority)), (endpoint.GetProperty("name").GetString(), endpoint.GetProperty("state").GetString(), endpoint.GetProperty("host").GetString()));
        Assert.Equal("It has answered 503.", endpoint.GetProperty("last_failure").GetProperty("problem").GetString());

        var first = await GetAsync(http, "/crm/dead-letters?limit=1");
        var second = await GetAsync(http, $"/crm/dead-letters?limit=1&cursor={first.GetProperty("next_cursor").GetString()}");
        Assert.False(second.TryGetProperty("next_cursor", out _));
        var letters = new[] { first, second }.Select(page => page.GetProperty("dead_letters").EnumerateArray().Single()).ToList();
        Assert.Equal(["a", "b"], letters.Select(letter => letter.GetProperty("session_id").GetString()).Order());
        Assert.All(letters, letter => Assert.Equal("session.completed", letter.GetProperty("type").GetString()));

        _receiver.Answer = (_, _) => Task.CompletedTask;
        var id0 = letters[0].GetProperty("id").GetString();
        Assert.Equal((1, 1), Counts(await PostAsync(http, $"/crm/dead-letters/{id0}/redeliver")));
        Assert.Equal(id0, (await _receiver.NextAsync()).Id);
        Assert.Equal((1, 0), Counts(await PostAsync(http, "/CRM/redeliver")));
        Assert.Equal(letters[1].GetProperty("id").GetString(), (await _receiver.NextAsync()).Id);
        Assert.Equal("active", (await PostAsync(http, "/crm/enable")).GetProperty("state").GetString());

        foreach (var address in (string[])["/nobody/dead-letters", "/nobody/redeliver", "/nobody/enable", $"/crm/dead-letters/{id0}/redeliver"])
        {
            using var request = new HttpRequestMessage(address.EndsWith("letters", StringComparison.Ordinal) ? HttpMethod.Get : HttpMethod.Post, GatewayPath.Api + "/webhooks" + address);
            using var refused = await http.SendAsync(request, Token);
            Assert.Equal((address, HttpStatusCode.NotFound), (address, refused.StatusCode));
        }

        static (int, int) Counts(JsonElement redelivery) => (redelivery.GetProperty("taken").GetInt32(), redelivery.GetProperty("left").GetInt32());
    }

    [Fact]
    public async Task Without_settings_there_is_none()
    {
        await using var gateway = await CustomFixture.StartAsync(sockets: false);
        using var http = gateway.CreateClient();

        Assert.Empty((await GetAsync(http, "")).GetProperty("webhooks").EnumerateArray());
    }

    [Fact]
    public async Task After_kill_9_between_an_event_and_its_delivery_nothing_is_lost_and_a_double_has_its_id()
    {
        using var folder = new TempFolder();
        string[] settings = [$"--Gateway:Storage:Path={folder.At("log.db")}", "--Gateway:Models:scripted:Provider=scripted", "--Gateway:Models:scripted:TokensPerSecond=0", "--Gateway:Webhooks:Endpoints:CRM:Timeout=5m", .. Settings.Where(setting => !setting.Key.EndsWith("MaxTries", StringComparison.Ordinal)).Select(setting => $"--{setting.Key}={setting.Value}")];
        string[] sessions = ["a", "b", "c", "d", "e", "f"];
        Dictionary<string, string> before = [];
        _receiver.Answer = (_, context) => Task.Delay(Timeout.Infinite, context.RequestAborted);
        await using (var gateway = await ServerProcess.StartAsync(folder.Path, "", null, settings))
        {
            foreach (var id in sessions)
            {
                using var started = await gateway.Client.PostAsJsonAsync($"{GatewayPath.Api}/sessions", new { workflow_id = "quick-answer", subject = "Tea?", session_id = id }, Token);
                started.EnsureSuccessStatusCode();
                using var ended = await gateway.Client.SendAsync(new HttpRequestMessage(HttpMethod.Get, $"{GatewayPath.Api}/sessions/{id}/events") { Headers = { { "Accept", "text/event-stream" } } }, Token);
            }

            // Four are under way and the others wait for their turn; none has been answered.
            for (var i = 0; i < 4; i++)
            {
                var delivery = await _receiver.NextAsync();
                before.Add(delivery.SessionId, delivery.Id);
            }

            await gateway.SignalAsync("KILL");
            await gateway.ExitAsync();
        }

        _receiver.Answer = (_, _) => Task.CompletedTask;
        await using (var gateway = await ServerProcess.StartAsync(folder.Path, "", null, settings))
        {
            Dictionary<string, string> after = [];
            foreach (var _ in sessions)
            {
                var delivery = await _receiver.NextAsync();
                Assert.Equal(WebhookTypes.SessionCompleted, delivery.Type);
                new StandardWebhook(Secret).Verify(delivery.Body, delivery.Headers);
                after.Add(delivery.SessionId, delivery.Id);
            }

            Assert.Equal(sessions, after.Keys.Order());
            Assert.All(before, delivery => Assert.Equal(delivery.Value, after[delivery.Key]));
        }
    }

    private static async Task<JsonElement> GetAsync(HttpClient http, string path) => await http.GetFromJsonAsync<JsonElement>($"{GatewayPath.Api}/webhooks{path}", Token);

    private static async Task<JsonElement> PostAsync(HttpClient http, string path)
    {
        using var response = await http.PostAsync(new Uri($"{GatewayPath.Api}/webhooks{path}", UriKind.Relative), null, Token);
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadFromJsonAsync<JsonElement>(Token);
    }
}
