using System.Text.Json;
using System.Text.RegularExpressions;
using Gateway.Tests.Conformance;
using Gateway.Tests.Infrastructure;
using Gateway.Tests.Processes;
using Gateway.Tests.Samples;
using Xunit;

namespace Gateway.Tests.Packages;

/// <summary>Programs outside the repository, made with the packages and with the words of their READMEs.</summary>
[Collection(PackagesCollection.Name)]
public sealed partial class PackagedProgramTests(Feed feed)
{
    [Fact]
    public async Task The_first_program_of_the_client_runs_a_debate()
    {
        using var folder = new TempFolder();
        await using var server = await ServerProcess.StartAsync(folder.Path, "", null, "--Gateway:Storage:Provider=memory", "--Gateway:Models:scripted:Provider=scripted", "--Gateway:Models:scripted:TokensPerSecond=50");
        await using var first = SampleProcess.StartPlain(feed.First, server.Address.ToString());
        await first.SeeAsync("-- paused; press Enter to go on --");

        await first.TypeAsync("\n");

        Assert.Equal(0, await first.ExitAsync());
        Assert.Contains("[affirmative]", first.Output, StringComparison.Ordinal);
        Assert.Matches(@"\ncompleted: \d+ tokens, \$", first.Output);
    }

    [Fact]
    public async Task The_first_program_with_a_chat_client_streams_a_draft_up_to_its_review()
    {
        using var folder = new TempFolder();
        await using var server = await ServerProcess.StartAsync(folder.Path, "", null, "--Gateway:Storage:Provider=memory", "--Gateway:Models:scripted:Provider=scripted", "--Gateway:Models:scripted:TokensPerSecond=1000");
        await using var chat = SampleProcess.StartPlain(feed.Chat, server.Address.ToString());

        Assert.True(await chat.ExitAsync() == 0, chat.Output);
        var waits = JsonElement.Parse(await server.Client.GetStringAsync("/api/v1/prompts", TestContext.Current.CancellationToken)).GetProperty("prompts")[0];
        var session = JsonElement.Parse(await server.Client.GetStringAsync($"/api/v1/sessions/{waits.GetProperty("session_id").GetString()}", TestContext.Current.CancellationToken));
        Assert.Equal(session.GetProperty("nodes").GetProperty("draft").GetProperty("text").GetString()!.Trim(), chat.Output.Trim());
    }

    [Fact]
    public async Task The_first_program_on_the_contracts_alone_answers_and_comes_back()
    {
        using var folder = new TempFolder();
        await using var server = await ServerProcess.StartAsync(folder.Path, "", null, "--Gateway:Storage:Provider=memory", "--Gateway:Models:scripted:Provider=scripted", "--Gateway:Models:scripted:TokensPerSecond=100");
        await using var line = new RoughLine(server.Address, seed: null);
        await using var bare = SampleProcess.StartPlain(feed.Bare, new UriBuilder(line.Address) { Scheme = "ws" }.Uri.ToString());
        await bare.SeeAsync(output => output.Length > 20, "the first words of the draft");

        line.Cut();

        Assert.True(await bare.ExitAsync() == 0, bare.Output);
        Assert.Matches(@"\ncompleted: \d+ tokens", bare.Output);
        Assert.InRange(line.Count, 2, int.MaxValue);
        var draft = JsonElement.Parse(await server.Client.GetStringAsync("/api/v1/sessions/letter", TestContext.Current.CancellationToken)).GetProperty("nodes").GetProperty("draft").GetProperty("text").GetString()!;

        // Between its words stands what it says of the lost connection.
        Assert.StartsWith(draft, LostConnection().Replace(bare.Output, ""), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_that_embeds_the_gateway_serves_it_beside_its_own_and_lets_in_whom_it_knows()
    {
        await using var check = SampleProcess.StartPlain(feed.Check);

        Assert.True(await check.ExitAsync() == 0, check.Output);
        Assert.Contains("\ndone\n", check.Output, StringComparison.Ordinal);
    }

    [GeneratedRegex(@"\[[^\]\n]*\]\n")]
    private static partial Regex LostConnection();
}
