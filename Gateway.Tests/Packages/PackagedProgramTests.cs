using Gateway.Tests.Infrastructure;
using Gateway.Tests.Processes;
using Gateway.Tests.Samples;
using Xunit;

namespace Gateway.Tests.Packages;

/// <summary>Programs outside the repository, made with the packages and with the words of their READMEs.</summary>
[Collection(PackagesCollection.Name)]
public sealed class PackagedProgramTests(Feed feed)
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
    public async Task A_program_that_embeds_the_gateway_serves_it_beside_its_own_and_lets_in_whom_it_knows()
    {
        await using var check = SampleProcess.StartPlain(feed.Check);

        Assert.True(await check.ExitAsync() == 0, check.Output);
        Assert.Contains("\ndone\n", check.Output, StringComparison.Ordinal);
    }
}
