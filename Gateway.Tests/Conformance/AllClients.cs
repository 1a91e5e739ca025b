using System.Globalization;
using Gateway.Client;
using Gateway.Tests.Client.TypeScript;

namespace Gateway.Tests.Conformance;

/// <summary>Every client on every wire, all at once.</summary>
internal static class AllClients
{
    /// <summary>Plays a fault to each of them, and fails when one breaks a promise.</summary>
    /// <param name="kit">The kit.</param>
    /// <param name="fault">The fault.</param>
    /// <param name="more">What else the address says.</param>
    /// <param name="line">Another way to the kit; null: straight.</param>
    /// <param name="retryMs">How long clients wait before they connect again.</param>
    /// <param name="wires">Which wires of SignalR's own client; null: all.</param>
    public static async Task AssertKeptAsync(KitProcess kit, string fault, string more = "", Uri? line = null, int retryMs = 50, string[]? wires = null)
    {
        var run = more.Length > 0 ? "-more" : line is null ? "" : $"-line-{line.Port}";
        var runs = new List<Task>();
        foreach (var wire in Enum.GetValues<GatewayWire>()) runs.Add(KitRun.AssertKeptAsync(kit, wire, fault, more, run, line, TimeSpan.FromMilliseconds(retryMs)));
        if (NodeLibrary.HasNode)
        {
            await NodeLibrary.RequireAsync();
            JavaScriptClients.RequireSignalR();
            var environment = new Dictionary<string, string> { ["RUN"] = run, ["RETRY_MS"] = retryMs.ToString(CultureInfo.InvariantCulture) };
            if (line is not null) environment["LINE"] = line.ToString();
            runs.Add(JavaScriptClients.AssertKeptAsync(JavaScriptClients.TypeScript, kit, [fault + more], environment: environment));
            runs.Add(JavaScriptClients.AssertKeptAsync(JavaScriptClients.SignalR, kit, [fault + more], wires, environment));
        }

        await Task.WhenAll(runs);
    }
}
