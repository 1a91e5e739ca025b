using Gateway.Client;
using Gateway.Tests.Client.TypeScript;
using Gateway.Tests.Infrastructure;
using Xunit;

namespace Gateway.Tests.Conformance;

/// <summary>A gateway that is killed in the middle of debates, and comes back with its log: every client goes on.</summary>
[Collection(KitCollection.Name)]
public sealed class KilledGatewayTests(KitProcess kit)
{
    [Fact]
    public async Task All_clients_go_on_in_mid_debate()
    {
        // All in one, since all are cut off by the same end.
        var runs = new List<Task> { KitRun.AssertKeptAsync(kit, GatewayWire.MessagePack, "restart"), KitRun.AssertKeptAsync(kit, GatewayWire.Json, "restart"), KitRun.AssertKeptAsync(kit, GatewayWire.WebSocket, "restart") };
        if (NodeLibrary.HasNode)
        {
            await NodeLibrary.RequireAsync();
            runs.Add(AssertExitAsync(JavaScriptClients.TypeScript));
            JavaScriptClients.RequireSignalR();
            runs.Add(AssertExitAsync(JavaScriptClients.SignalR));
        }

        await Task.WhenAll(runs);
    }

    private async Task AssertExitAsync(string folder)
    {
        var (exit, words) = await JavaScriptClients.RunAsync(folder, kit, ["restart"]);
        Assert.True(exit == 0, $"{kit.Seed}\n{words}");
    }
}
