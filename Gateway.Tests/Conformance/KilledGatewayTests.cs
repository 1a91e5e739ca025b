using Gateway.Client;
using Gateway.Tests.Client.TypeScript;
using Xunit;

namespace Gateway.Tests.Conformance;

/// <summary>A gateway that is killed in the middle of debates, and comes back with its log: every client goes on.</summary>
/// <remarks>Those that begin together share a kill. One after the other begins, so that no session meets it many times in a row and is paused for good.</remarks>
[Collection(KitCollection.Name)]
public sealed class KilledGatewayTests(KitProcess kit)
{
    private const string Restart = "restart";

    [Fact]
    public Task Clients_of_dotnet_go_on_in_mid_debate() => Task.WhenAll(Enum.GetValues<GatewayWire>().Select(wire => KitRun.AssertKeptAsync(kit, wire, Restart)));

    [Fact]
    public async Task The_browser_library_goes_on_in_mid_debate()
    {
        await NodeLibrary.RequireAsync();
        await JavaScriptClients.AssertKeptAsync(JavaScriptClients.TypeScript, kit, [Restart]);
    }

    [Fact]
    public async Task The_client_of_SignalR_goes_on_in_mid_debate()
    {
        JavaScriptClients.RequireSignalR();
        await JavaScriptClients.AssertKeptAsync(JavaScriptClients.SignalR, kit, [Restart]);
    }
}
