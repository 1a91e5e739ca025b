using System.Text.Json;
using Gateway.Tests.Client.TypeScript;
using Gateway.Tests.Infrastructure;
using Xunit;

namespace Gateway.Tests.Contracts.TypeScript;

/// <summary>The types of the browser library and those of the browsers that were there before agree, to the compiler, where both speak of the same.</summary>
public sealed class KnownBrowsersTests
{
    private const string Fixture = "known-browsers.ts";

    [Fact]
    public async Task The_generated_types_and_those_of_known_browsers_agree_in_both_directions()
    {
        var (exit, output) = await CompileAsync(Contracts());

        Assert.True(exit == 0, output);
    }

    /// <summary>What was lost silently once, because one side said <c>type</c> and the other <c>event</c>.</summary>
    [Theory]
    [InlineData("  event: E;", "  type: E;")]
    [InlineData("  data: EventData[E];", "  payload: EventData[E];")]
    [InlineData("timestamp: string;", "time: string;")]
    [InlineData("timestamp: string;", "timestamp: number;")]
    [InlineData("node_id?: string;", "nodeId?: string;")]
    [InlineData("'node:parallel_start': ", "node_parallel_start: ")]
    [InlineData("  token_usage: TokenUsage;", "")]
    [InlineData("  error: ExecutionError;", "  error: ExecutionError;\n  warning: ExecutionError;")]
    [InlineData("{ cmd: C; ", "{ command: C; ")]
    [InlineData("data?: CommandData[C]", "payload?: CommandData[C]")]
    [InlineData("  pause_session: PauseSession;", "  pause: PauseSession;")]
    [InlineData("  error: string;", "  message: string;")]
    public async Task A_wrong_name_or_type_is_a_mistake_to_the_compiler(string right, string wrong)
    {
        var contracts = Contracts();
        Assert.Contains(right, contracts, StringComparison.Ordinal);

        var (exit, output) = await CompileAsync(contracts.Replace(right, wrong, StringComparison.Ordinal));

        Assert.NotEqual(0, exit);
        Assert.Contains(Fixture, output, StringComparison.Ordinal);
    }

    private static string Contracts() => File.ReadAllText(Path.Combine(NodeLibrary.Folder, "src", "contracts.ts"));

    private static async Task<(int Exit, string Output)> CompileAsync(string contracts)
    {
        await NodeLibrary.RequireAsync();
        using var folder = new TempFolder();
        await File.WriteAllTextAsync(folder.At("contracts.ts"), contracts, TestContext.Current.CancellationToken);
        File.Copy(Path.Combine(Repository.Root, "Gateway.Tests", "Contracts", "TypeScript", Fixture), folder.At(Fixture));

        // As strict as the library itself, and nothing is written.
        var settings = JsonElement.Parse(await File.ReadAllTextAsync(Path.Combine(NodeLibrary.Folder, "tsconfig.json"), TestContext.Current.CancellationToken)).GetProperty("compilerOptions");
        var options = settings.EnumerateObject().Where(option => option.Name is not ("rootDir" or "outDir" or "declaration")).ToDictionary(option => option.Name, option => option.Value);
        options["noEmit"] = JsonSerializer.SerializeToElement(true);
        await File.WriteAllTextAsync(folder.At("tsconfig.json"), JsonSerializer.Serialize(new { compilerOptions = options, files = (string[])[Fixture] }), TestContext.Current.CancellationToken);
        return await NodeLibrary.RunAsync([NodeLibrary.Compiler, "--project", folder.Path]);
    }
}
