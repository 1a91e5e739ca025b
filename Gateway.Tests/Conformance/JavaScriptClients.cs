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

    /// <summary>Plays faults to one of them; returns its exit code and what it wrote.</summary>
    public static Task<(int Exit, string Words)> RunAsync(string folder, KitProcess kit, IEnumerable<string> faults, params string[] wires) =>
        NodeLibrary.RunAsync(["--experimental-websocket", "--no-warnings", "conformance.mjs", kit.Address.ToString(), string.Join(',', faults), .. wires], folder: folder, limit: s_limit);
}
