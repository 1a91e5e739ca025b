using System.Runtime.InteropServices;
using Gateway.Tests.Infrastructure;
using Xunit;

namespace Gateway.Tests.Samples;

/// <summary>The client in a program that is compiled ahead of time.</summary>
public sealed class AotWatchTests(WatchFixture gateway) : IClassFixture<WatchFixture>
{
    // What a juror of the shipped debate answers.
    private const string Ballot = """{"decision":"yes","reasoning":"Well argued."}""";

    [Fact]
    public async Task A_native_program_watches_a_debate_over_JSON_and_says_why_not_over_MessagePack()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == System.Runtime.InteropServices.Architecture.X64, "The program is published for Linux on x64.");
        Assert.SkipUnless(OnPath("clang") || OnPath("gcc"), "There is no linker on this machine: install gcc or clang to compile ahead of time.");
        using var folder = new TempFolder();
        await PublishAsync(folder);

        foreach (var wire in (string[])["websocket", "json"])
        {
            await using var watch = SampleProcess.Start(folder.At("out/AotWatch"), [gateway.Address.ToString(), wire]);
            foreach (var words in (string[])["One.", "Two.", Ballot, Ballot, Ballot, "So be it."]) (await gateway.Models["default"].NextCall()).Say(words).End();

            Assert.Equal((wire, 0), (wire, await watch.ExitAsync()));
            Assert.Contains("[adjudicator] So be it.", watch.Output, StringComparison.Ordinal);
            Assert.Contains("completed: ", watch.Output, StringComparison.Ordinal);
        }

        await using var packed = SampleProcess.Start(folder.At("out/AotWatch"), [gateway.Address.ToString(), "messagepack"]);
        Assert.Equal(2, await packed.ExitAsync());
        Assert.Contains("MessagePack makes code while the program runs. Use Json (the same hub) or WebSocket (/ws).", packed.Output, StringComparison.Ordinal);
    }

    private static async Task PublishAsync(TempFolder folder)
    {
        try
        {
            // In folders of its own: a restore for one kind of machine would take the place of that for all.
            await Tool.RunAsync(Repository.Root, [], "publish", "samples/AotWatch", "-c", "Release", "-r", "linux-x64", "-p:PublishAot=true", "-p:RunAnalyzers=false", "--artifacts-path", folder.At("artifacts"), "-o", folder.At("out"), "--nologo");
        }
        catch (InvalidOperationException failure) when (failure.Message.Contains("error NU1101", StringComparison.Ordinal) || failure.Message.Contains("error NU1102", StringComparison.Ordinal) || failure.Message.Contains("error NU1301", StringComparison.Ordinal))
        {
            Assert.Skip("The compiler's packages cannot be had from the package source of this machine.");
        }
    }

    private static bool OnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program)));
}
