using Gateway.Tests.Infrastructure;
using Gateway.Tests.Processes;
using Xunit;

namespace Gateway.Tests.Samples;

/// <summary>The console sample, on a terminal and in a pipe, against a running gateway.</summary>
public sealed class WatchTests(WatchFixture gateway) : IClassFixture<WatchFixture>
{
    private static readonly string Program = Repository.ProgramOf("samples/Watch");

    [Fact]
    public async Task A_debate_is_shown_side_by_side_and_steered_by_keys()
    {
        var models = Guid.NewGuid().ToString("N");
        var id = await gateway.StartAsync(SampleWorkflows.Debate, models);
        var (a, b) = (await gateway.Models[$"{models}-a"].NextCall(), await gateway.Models[$"{models}-b"].NextCall());
        await using var watch = OnTerminal(100, 30, "attach", id);
        a.Say("Tea, says one.");
        b.Say("Coffee, says the other.");

        await watch.SeeAsync(output => Screen(output, 100).Any(line => line.Contains("Tea, says one.", StringComparison.Ordinal) && line.Contains("Coffee, says the other.", StringComparison.Ordinal)), "two panels beside each other");
        await watch.TypeAsync("p");
        await watch.SeeAsync("paused (user_requested)");
        await watch.SeeAsync("paused at #");
        await watch.TypeAsync("r");
        await watch.SeeAsync("resumed at #");
        a.End();
        b.End();
        (await gateway.Models[$"{models}-judge"].NextCall()).Say("Water.").End();
        await watch.SeeAsync(output => Screen(output, 100)[^2].StartsWith("completed at #", StringComparison.Ordinal), "the end");

        Assert.Equal(0, await watch.ExitAsync());
        var last = Screen(watch.Output, 100);
        Assert.Contains(last, line => line.Contains("Water.", StringComparison.Ordinal));
        Assert.Contains(last, line => line.StartsWith("connected | completed | #", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_question_is_answered_and_a_session_cancelled_by_keys()
    {
        var models = Guid.NewGuid().ToString("N");
        var id = await gateway.StartAsync(SampleWorkflows.Reviewed, models);
        (await gateway.Models[$"{models}-a"].NextCall()).Say("A draft.").End();
        await using var watch = OnTerminal(80, 24, "attach", id);
        await watch.SeeAsync("review asks: Good?");
        await watch.TypeAsync("a");
        await watch.SeeAsync("Enter sends");
        await watch.TypeAsync("Not yes but nox\u007f\u007fo\r");
        await watch.SeeAsync("said at #");
        var second = await gateway.Models[$"{models}-b"].NextCall();

        await watch.TypeAsync("cn");
        await watch.TypeAsync("c");
        await watch.SeeAsync("Cancel the session for everybody?");
        await watch.TypeAsync("y");

        Assert.Equal(1, await watch.ExitAsync());
        Assert.Contains("cancelled at #", Screen(watch.Output, 80)[^2], StringComparison.Ordinal);
        Assert.Contains("Not yes but no", string.Concat(second.Messages.Select(message => message.Text)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(40, 12)]
    [InlineData(24, 6)]
    [InlineData(200, 60)]
    public async Task It_fits_the_terminal(int width, int height)
    {
        var models = Guid.NewGuid().ToString("N");
        var id = await gateway.StartAsync(SampleWorkflows.Debate, models);
        await using var watch = OnTerminal(width, height, "attach", id);
        var long_ = string.Concat(Enumerable.Repeat("Many words, and no end of them. ", 100));
        foreach (var agent in (string[])["a", "b", "judge"]) (await gateway.Models[$"{models}-{agent}"].NextCall()).Say(long_, $"The last of {agent}.").End();

        Assert.Equal(0, await watch.ExitAsync());

        // The newest speaker has room even on the smallest, and its last words are what is shown.
        var lines = Screen(watch.Output, width);
        Assert.Contains(lines, line => line.Contains("judge.", StringComparison.Ordinal));
        Assert.InRange(lines.Count, 1, height + 3);
    }

    [Fact]
    public async Task Whoever_leaves_leaves_the_session_running()
    {
        var models = Guid.NewGuid().ToString("N");
        var id = await gateway.StartAsync(SampleWorkflows.Quick, models);
        var call = await gateway.Models[$"{models}-a"].NextCall();
        await using var watch = OnTerminal(80, 24, "attach", id);
        await watch.SeeAsync("running");

        await watch.TypeAsync("q");

        Assert.Equal(0, await watch.ExitAsync());
        Assert.Contains($"come back with: watch attach {id}", watch.Output.ReplaceLineEndings(""), StringComparison.Ordinal);
        call.Say("still here").End();
        await using var again = Plain("attach", id);
        Assert.Equal(0, await again.ExitAsync());
        Assert.Contains("[a] still here", again.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pipe_gets_lines_and_commands_of_other_processes_steer()
    {
        var models = Guid.NewGuid().ToString("N");
        var id = await gateway.StartAsync(SampleWorkflows.Reviewed, models);
        await using var watch = Plain("attach", id);
        (await gateway.Models[$"{models}-a"].NextCall()).Say("A draft\nof two lines, and \u001b[2Jno order to a terminal.").End();
        await watch.SeeAsync("-- review waits for an answer: watch answer");
        await using var answer = Plain("answer", id, "Good.");
        Assert.Equal(0, await answer.ExitAsync());
        Assert.StartsWith("answer: done at #", answer.Output, StringComparison.Ordinal);
        (await gateway.Models[$"{models}-b"].NextCall()).Say("The letter.").End();

        Assert.Equal(0, await watch.ExitAsync());
        Assert.Contains("[a] A draft\n[a] of two lines, and [2Jno order to a terminal.\n", watch.Output, StringComparison.Ordinal);
        Assert.Contains("[you] Good.\n", watch.Output, StringComparison.Ordinal);
        Assert.Contains("[b] The letter.\n", watch.Output, StringComparison.Ordinal);
        Assert.Contains("-- completed at #", watch.Output, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', watch.Output);
    }

    [Theory]
    [InlineData("messagepack")]
    [InlineData("json")]
    [InlineData("websocket")]
    public async Task Without_a_word_it_starts_a_debate_on_every_wire(string wire)
    {
        using var folder = new TempFolder();
        await using var server = await ServerProcess.StartAsync(folder.Path, "", null, "--Gateway:Storage:Provider=memory", "--Gateway:Models:scripted:Provider=scripted", "--Gateway:Models:scripted:TokensPerSecond=0");
        await using var watch = SampleProcess.StartPlain(Program, "--gateway", server.Address.ToString(), "--wire", wire);

        Assert.Equal(0, await watch.ExitAsync());
        Assert.Contains("-- completed at #", watch.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, "Is the gateway running? Start it with 'dotnet run --project Gateway'", "--gateway", "http://127.0.0.1:9")]
    [InlineData(2, "There is no option '--sesion'.", "--sesion", "x")]
    [InlineData(2, "'here' is not the address of a gateway; write it like http://localhost:8080.", "--gateway", "here")]
    [InlineData(2, "There is no wire 'pigeon'; it is messagepack, json or websocket.", "--wire", "pigeon")]
    [InlineData(2, "'attach' takes a session.", "attach")]
    [InlineData(2, "There is no command 'look'.", "look")]
    [InlineData(0, "watch attach SESSION", "--help")]
    public async Task A_mistake_is_told_with_the_way_out(int exit, string sentence, params string[] arguments)
    {
        await using var watch = SampleProcess.StartPlain(Program, arguments);

        Assert.Equal(exit, await watch.ExitAsync());
        Assert.Contains(sentence, watch.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", watch.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET /api/v1/sessions lists those there are", "attach", "nobody")]
    [InlineData("GET /api/v1/sessions lists those there are", "pause", "nobody")]
    [InlineData("There is no workflow 'nothing'", "start", "nothing", "at all")]
    public async Task A_refusal_is_told_with_the_way_out(string sentence, params string[] arguments)
    {
        await using var watch = Plain(arguments);

        Assert.Equal(1, await watch.ExitAsync());
        Assert.Contains(sentence, watch.Output, StringComparison.Ordinal);
    }

    private static IReadOnlyList<string> Screen(string output, int width) => TerminalScreen.After(output, width);

    private SampleProcess Plain(params string[] arguments) => SampleProcess.StartPlain(Program, ["--gateway", gateway.Address.ToString(), .. arguments]);

    private SampleProcess OnTerminal(int width, int height, params string[] arguments)
    {
        var watch = SampleProcess.StartOnTerminal(width, height, Program, ["--gateway", gateway.Address.ToString(), .. arguments]);
        Assert.SkipWhen(watch is null, "There is no 'script' (util-linux) on this machine, which gives a program a terminal.");
        return watch;
    }
}
