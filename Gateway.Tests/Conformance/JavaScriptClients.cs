using Gateway.Tests.Client.TypeScript;
using Gateway.Tests.Infrastructure;
using Xunit;

namespace Gateway.Tests.Conformance;

/// <summary>Programs on the clients for JavaScript that record sessions and hand the recordings to the kit.</summary>
internal static class JavaScriptClients
{
    // Node.js has to start and to load the library, on a machine that does other things meanwhile.
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(90);

    /// <summary>The browser library's folder.</summary>
    public static string TypeScript { get; } = Path.Combine(NodeLibrary.Folder, "test");

    /// <summary>The folder of the official client of SignalR.</summary>
    public static string SignalR { get; } = Path.Combine(Repository.Root, "clients", "signalr");

    /// <summary>Skips the test where the client of SignalR is not installed.</summary>
    public static void RequireSignalR()
    {
        Assert.SkipWhen(!NodeLibrary.HasNode, "There is no Node.js on this machine: install it to try the client of SignalR.");
        Assert.SkipWhen(!Directory.Exists(Path.Combine(SignalR, "node_modules", "@microsoft", "signalr")), "The client of SignalR is not installed: run 'npm ci' in clients/signalr.");
    }

    /// <summary>Plays faults to one of them, and fails with what it wrote when a promise broke.</summary>
    /// <param name="folder">Which one.</param>
    /// <param name="kit">The kit.</param>
    /// <param name="faults">The faults, each with what else its address says.</param>
    /// <param name="wires">Which wires of SignalR; none: all.</param>
    /// <param name="environment">What its programs are told beside that.</param>
    public static async Task AssertKeptAsync(string folder, KitProcess kit, IEnumerable<string> faults, string[]? wires = null, Dictionary<string, string>? environment = null)
    {
        var (exit, words) = await NodeLibrary.RunAsync(
            ["--experimental-websocket", "--no-warnings", "conformance.mjs", kit.Address.ToString(), string.Join(';', faults), .. wires ?? []], environment: environment, folder: folder, limit: s_limit);
        TestContext.Current.TestOutputHelper?.WriteLine(words);
        Assert.True(exit == 0, $"{kit.Seed}\n{words}");
    }
}
