using System.Text.RegularExpressions;
using Gateway.Tests.Client.TypeScript;
using Gateway.Tests.Infrastructure;
using Xunit;

namespace Gateway.Tests.Conformance;

/// <summary>The client that <c>docs/clients.md</c> shows keeps every promise.</summary>
[Collection(KitCollection.Name)]
public sealed partial class ClientsGuideTests(KitProcess kit)
{
    private const string Guide = "docs/clients.md";
    private static readonly string[] s_faults = ["drop", "away", "goodbye", "lose", "duplicate", "reorder", "half-open", "garbage", "unknown"];

    [Fact]
    public async Task Its_program_keeps_every_promise_through_faults()
    {
        Assert.SkipWhen(!NodeLibrary.HasNode, "There is no Node.js on this machine: install it to run the program of docs/clients.md.");
        using var folder = new TempFolder();
        folder.Write("client.mjs", Program().Match(await File.ReadAllTextAsync(Path.Combine(Repository.Root, Guide), TestContext.Current.CancellationToken)).Groups["code"].Value);

        // What is played to bytes below the messages is the WebSocket's business.
        await Task.WhenAll(s_faults.Select(fault => RunAsync(folder, fault)));
    }

    [Fact]
    public async Task It_names_every_promise_and_leads_to_files_that_exist()
    {
        var text = await File.ReadAllTextAsync(Path.Combine(Repository.Root, Guide), TestContext.Current.CancellationToken);

        Assert.All(KitFaults.Promises, promise => Assert.Contains($"`{promise}`", text, StringComparison.Ordinal));
        Assert.All(Link().Matches(text), link => Assert.True(File.Exists(Path.Combine(Repository.Root, "docs", link.Groups["path"].Value)), link.Value));
    }

    private async Task RunAsync(TempFolder folder, string fault)
    {
        var address = new UriBuilder(kit.Address) { Scheme = "ws", Path = "/ws", Query = $"live=false&fault={fault}&ms=400" }.Uri;
        var (exit, recording) = await NodeLibrary.RunAsync(
            ["--experimental-websocket", "--no-warnings", "client.mjs", address.ToString(), $"guide-{fault}", fault == "half-open" ? "500" : "30000"], folder: folder.Path, limit: TimeSpan.FromSeconds(90));
        Assert.True(exit == 0, recording);
        await kit.AssertKeptAsync(fault, recording);
    }

    [GeneratedRegex(@"```js\n(?<code>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Program();

    [GeneratedRegex(@"\]\((?<path>\.\./[^)#]+)")]
    private static partial Regex Link();
}
