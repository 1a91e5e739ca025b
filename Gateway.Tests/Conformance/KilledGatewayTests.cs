using Xunit;

namespace Gateway.Tests.Conformance;

/// <summary>A gateway that is killed in the middle of debates, and comes back with its log: every client goes on.</summary>
[Collection(KitCollection.Name)]
public sealed class KilledGatewayTests(KitProcess kit)
{
    // All in one, since all are cut off by the same end.
    [Fact]
    public Task All_clients_go_on_in_mid_debate() => AllClients.AssertKeptAsync(kit, "restart");
}
