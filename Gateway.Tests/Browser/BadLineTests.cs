using Gateway.Tests.Infrastructure;
using Xunit;

namespace Gateway.Tests.Browser;

/// <summary>The page of the gateway on lines that drop, freeze, refuse and say goodbye.</summary>
public sealed class BadLineTests(BrowserFixture fixture) : IClassFixture<BrowserFixture>
{
    // The page's clock runs forty times as fast, so that nobody waits for its timers.
    private const string Hurry = """
        {
          const { setTimeout: after, setInterval: each } = window;
          const now = performance.now.bind(performance);
          window.setTimeout = (action, delay) => after(action, delay / 40);
          window.setInterval = (action, delay) => each(action, delay / 40);
          performance.now = () => now() * 40;
        }
        """;

    // No timer fires, as in a laptop that sleeps.
    private const string Asleep = "window.setTimeout = window.setInterval = () => 0;";

    [Fact]
    public async Task A_quiet_session_outlives_any_number_of_short_losses()
    {
        var models = Guid.NewGuid().ToString("N");
        var id = await fixture.StartAsync(SampleWorkflows.Reviewed, models);
        (await fixture.Models[$"{models}-a"].NextCall()).Say("A draft.").End();
        await using var relay = new Relay(fixture.Address);
        await using var page = await fixture.OpenAsync($"/#{id}", relay.Address, Hurry);
        await page.UntilAsync("document.getElementById('say-label').textContent === 'Good?'", "the prompt");

        for (var losses = 1; losses <= 7; losses++)
        {
            relay.Drop();
            await page.UntilAsync($"said.filter((text) => text === 'live').length > {losses}", $"the page to be back after loss {losses}");
        }

        await fixture.PostAsync($"/{id}/input", """{"content":"fine","prompt_id":"review"}""");
        (await fixture.Models[$"{models}-b"].NextCall()).Say("The text.").End();
        await page.UntilAsync("document.getElementById('status').textContent === 'completed'", "the end of the session");
        Assert.Contains("The text.", await page.TextAsync("nodes"));
    }

    [Fact]
    public async Task A_line_that_froze_is_noticed_and_nothing_is_missing_after_the_thaw()
    {
        var models = Guid.NewGuid().ToString("N");
        var id = await fixture.StartAsync(SampleWorkflows.Quick, models);
        var call = await fixture.Models[$"{models}-a"].NextCall();
        call.Say("one ");
        await using var relay = new Relay(fixture.Address);
        await using var page = await fixture.OpenAsync($"/#{id}", relay.Address, Hurry);
        await page.UntilAsync("document.getElementById('nodes').textContent.includes('one ')", "the first word");

        relay.Freeze();
        call.Say("two ");
        await page.UntilAsync("said.includes('connection lost, trying again')", "the page to notice");
        relay.Thaw();
        call.Say("three").End();

        await page.UntilAsync("document.getElementById('status').textContent === 'completed'", "the end of the session");
        Assert.Contains("one two three", await page.TextAsync("nodes"));
    }

    [Fact]
    public async Task A_gateway_that_is_away_for_long_is_found_again()
    {
        var models = Guid.NewGuid().ToString("N");
        var id = await fixture.StartAsync(SampleWorkflows.Quick, models);
        await using var relay = new Relay(fixture.Address);
        await using var page = await fixture.OpenAsync($"/#{id}", relay.Address, Hurry);
        await page.UntilAsync("said.includes('live')", "the connection");

        relay.Refuse();
        await page.UntilAsync("said.filter((text) => text === 'connection lost, trying again').length > 7", "many tries in vain");
        Assert.False((await page.EvaluateAsync("document.getElementById('connect').hidden && document.getElementById('connection').textContent !== 'connecting again'")).GetBoolean());
        relay.Restore();

        await page.UntilAsync("said.at(-1) === 'live'", "the page to be back");
        (await fixture.Models[$"{models}-a"].NextCall()).Say("there").End();
        await page.UntilAsync("document.getElementById('status').textContent === 'completed'", "the end of the session");
    }

    [Theory]
    [InlineData("dispatchEvent(new Event('online'))")]
    [InlineData("document.dispatchEvent(new Event('visibilitychange'))")]
    [InlineData("document.getElementById('connect').click()")]
    public async Task A_page_that_slept_connects_when_it_wakes(string waking)
    {
        var models = Guid.NewGuid().ToString("N");
        var id = await fixture.StartAsync(SampleWorkflows.Quick, models);
        await using var relay = new Relay(fixture.Address);
        await using var page = await fixture.OpenAsync($"/#{id}", relay.Address, Asleep);
        await page.UntilAsync("said.includes('live')", "the connection");
        relay.Drop();
        await page.UntilAsync("said.at(-1) === 'connection lost, trying again'", "the loss");

        await page.EvaluateAsync(waking);

        await page.UntilAsync("said.at(-1) === 'live'", "the page to be back");
        (await fixture.Models[$"{models}-a"].NextCall()).Say("there").End();
        await page.UntilAsync("document.getElementById('status').textContent === 'completed'", "the end of the session");
    }

    [Fact]
    public async Task A_goodbye_of_a_proxy_is_a_loss_and_one_of_the_gateway_is_final()
    {
        var models = Guid.NewGuid().ToString("N");
        var id = await fixture.StartAsync(SampleWorkflows.Quick, models);
        var call = await fixture.Models[$"{models}-a"].NextCall();
        await using var proxy = await PoliteProxy.StartAsync(fixture);
        await using var page = await fixture.OpenAsync($"/#{id}", proxy.Address, Hurry);
        await page.UntilAsync("said.includes('live')", "the connection");

        var lives = 1;
        foreach (var code in (int[])[1000, 1001, 1005, 1011, 1012, 1013])
        {
            await proxy.CloseAsync(code);
            lives++;
            await page.UntilAsync($"said.filter((text) => text === 'live').length === {lives}", $"the page to be back after {code}");
            call.Say($"{code} ");
            await page.UntilAsync($"document.getElementById('nodes').textContent.endsWith('{code} ')", $"a word after {code}");
        }

        await proxy.CloseAsync(1008);
        await page.UntilAsync("said.at(-1) === 'closed: restarting'", "the end of the connection");
        Assert.False((await page.EvaluateAsync("document.getElementById('connect').hidden")).GetBoolean());
        call.End();
    }
}
