using System.Text.RegularExpressions;
using Gateway.Tests.Browser;
using Gateway.Tests.Infrastructure;
using Xunit;

namespace Gateway.Tests.Samples;

/// <summary>The page of Blazor, in a browser, against a running gateway.</summary>
public sealed partial class BlazorWatchTests(BrowserFixture gateway) : IClassFixture<BrowserFixture>
{
    private static readonly string Folder = Path.Combine(Repository.Root, "samples", "BlazorWatch");

    [Fact]
    public async Task A_session_is_shown_answered_and_left_to_others()
    {
        var models = Guid.NewGuid().ToString("N");
        var id = await gateway.StartAsync(SampleWorkflows.Reviewed, models);
        await using var program = Start();
        await using var page = await gateway.OpenOtherAsync(new Uri(await AddressOf(program), id), "document.getElementById('status')");
        var call = await gateway.Models[$"{models}-a"].NextCall();
        call.Say("A draft");
        await page.UntilAsync("document.querySelector('article.open p')?.textContent === 'A draft'", "the first words");
        await page.ClickAsync("pause");
        await page.UntilAsync("document.getElementById('status').textContent.includes('paused user_requested')", "the pause");
        await page.ClickAsync("resume");
        await page.UntilAsync("document.getElementById('status').textContent.includes('running')", "the session to go on");
        call.Say(", and more.").End();
        await page.UntilAsync("document.querySelector('label').textContent === 'Good?'", "the question");
        await page.WriteAsync("words", "Fine.");
        await page.ClickAsync("say");
        (await gateway.Models[$"{models}-b"].NextCall()).Say("The letter.").End();

        await page.UntilAsync("document.getElementById('status').textContent.includes('completed')", "the end");
        var texts = await page.EvaluateAsync("[...document.querySelectorAll('article p')].map((p) => p.textContent)");
        Assert.Equal(["A draft, and more.", "Good?", "Fine.", "The letter."], texts.EnumerateArray().Select(text => text.GetString()));
        Assert.Equal(0, (await page.EvaluateAsync("document.querySelectorAll('article.open').length")).GetInt32());
    }

    [Fact]
    public async Task A_debate_is_started_and_has_an_address_of_its_own()
    {
        await using var program = Start();
        await using var page = await gateway.OpenOtherAsync(await AddressOf(program), "document.getElementById('start')");
        await page.ClickAsync("start");

        // The agents of the shipped debate have no model of their own, and speak through the default one.
        const string Ballot = """{"decision":"yes","reasoning":"Well argued."}""";
        foreach (var words in (string[])["Well.", "Well.", Ballot, Ballot, Ballot, "So be it."]) (await gateway.Models["default"].NextCall()).Say(words).End();
        await page.UntilAsync("document.getElementById('status')?.textContent.includes('completed')", "the end");

        // Six agents, and the vote.
        Assert.Equal(7, (await page.EvaluateAsync("document.querySelectorAll('article').length")).GetInt32());
        Assert.Matches("^/s-[0-9a-f]{32}$", (await page.EvaluateAsync("location.pathname")).GetString());
    }

    [Fact]
    public async Task A_session_that_does_not_exist_is_told()
    {
        await using var program = Start();
        await using var page = await gateway.OpenOtherAsync(new Uri(await AddressOf(program), "nobody"), "document.getElementById('notice')");

        await page.UntilAsync("document.getElementById('notice').textContent.includes(\"There is no session 'nobody'\")", "the refusal");
    }

    [Fact]
    public void It_is_a_page_of_under_100_lines()
    {
        var lines = Directory.EnumerateFiles(Folder, "*.razor").Where(file => Path.GetFileName(file) is "Watch.razor" or "MessagePanel.razor").Sum(file => File.ReadLines(file).Count());

        Assert.InRange(lines, 1, 99);
    }

    private static async Task<Uri> AddressOf(SampleProcess program)
    {
        await program.SeeAsync("Application started");
        return new Uri(Listening().Match(program.Output).Groups[1].Value + "/");
    }

    private SampleProcess Start() => SampleProcess.Start(
        Tool.DotNet,
        [Repository.ProgramOf("samples/BlazorWatch"), "--urls", "http://127.0.0.1:0", "--environment", "Development"],
        new() { ["Gateway"] = gateway.Address.ToString() },
        Folder);

    [GeneratedRegex(@"Now listening on: (\S+)")]
    private static partial Regex Listening();
}
