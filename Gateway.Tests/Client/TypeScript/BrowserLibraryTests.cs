using System.Text.RegularExpressions;
using Gateway.Tests.Infrastructure;
using Gateway.Tests.Processes;
using Xunit;

namespace Gateway.Tests.Client.TypeScript;

/// <summary>The tests of the browser library, in Node's own runner, against a gateway that really runs.</summary>
public sealed partial class BrowserLibraryTests
{
    [Theory]
    [InlineData("connection")]
    [InlineData("package")]
    public async Task Its_own_tests_pass(string name)
    {
        await NodeLibrary.RequireAsync();
        await RunAsync(name, []);
    }

    [Fact]
    public async Task It_watches_and_steers_a_gateway_that_runs()
    {
        await NodeLibrary.RequireAsync();
        using var folder = new TempFolder();
        await using var gateway = await ServerProcess.StartAsync(
            folder.Path,
            "",
            null,
            "--Gateway:Storage:Provider=memory",
            "--Gateway:Models:scripted:TokensPerSecond=1000",
            "--Gateway:Models:slow:Provider=scripted",
            "--Gateway:Models:slow:TokensPerSecond=10");
        await RunAsync("gateway", new() { ["GATEWAY"] = gateway.Address.ToString() });
    }

    [Fact]
    public async Task The_first_program_of_its_page_runs()
    {
        await NodeLibrary.RequireAsync();
        using var folder = new TempFolder();
        await using var gateway = await ServerProcess.StartAsync(folder.Path, "", null, "--Gateway:Storage:Provider=memory", "--Gateway:Models:scripted:Provider=scripted", "--Gateway:Models:scripted:TokensPerSecond=1000");
        var page = await File.ReadAllTextAsync(Path.Combine(NodeLibrary.Folder, "README.md"), TestContext.Current.CancellationToken);
        var program = FirstProgram().Match(page).Groups["code"].Value
            .Replace("http://localhost:8080", gateway.Address.ToString(), StringComparison.Ordinal)
            .Replace("'@gateway/client'", $"'{new Uri(Path.Combine(NodeLibrary.Folder, "dist", "index.js"))}'", StringComparison.Ordinal);

        var (exit, output) = await NodeLibrary.RunAsync(["--experimental-websocket", "--no-warnings", folder.Write("first.mjs", program)]);

        Assert.True(exit == 0, output);
        Assert.Matches(@"\ncompleted: \d+ tokens\n", output);
        Assert.Contains("connected\n", output, StringComparison.Ordinal);
    }

    // Older versions of Node.js have their WebSocket behind a flag, which newer ones know, too.
    private static async Task RunAsync(string name, Dictionary<string, string> environment)
    {
        var (exit, output) = await NodeLibrary.RunAsync(["--experimental-websocket", "--no-warnings", "--test", "--test-reporter=spec", $"test/{name}.test.mjs"], environment: environment);
        Assert.True(exit == 0, output);
    }

    [GeneratedRegex(@"```js\n(?<code>import.*?)```", RegexOptions.Singleline)]
    private static partial Regex FirstProgram();
}
