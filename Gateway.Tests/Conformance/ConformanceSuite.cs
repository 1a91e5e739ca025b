using Gateway.Client;
using Xunit;

namespace Gateway.Tests.Conformance;

/// <summary>Whatever happens on the way, <see cref="GatewayClient"/> keeps every promise that the kit knows.</summary>
[Collection(KitCollection.Name)]
public abstract class ConformanceSuite(KitProcess kit, GatewayWire wire)
{
    [Fact]
    public async Task Every_promise_is_kept_through_every_fault()
    {
        // A restart would concern all of them: it has a test of its own. Only /ws has a close that says not to come back.
        var faults = KitFaults.All.Where(fault => fault != "restart" && (wire == GatewayWire.WebSocket || fault != "goodbye"));

        // All at once: they have nothing to do with each other, and most of their time is spent waiting.
        await Task.WhenAll(faults.Select(fault => KitRun.AssertKeptAsync(kit, wire, fault)));
    }
}

public sealed class MessagePackConformanceTests(KitProcess kit) : ConformanceSuite(kit, GatewayWire.MessagePack);

public sealed class JsonConformanceTests(KitProcess kit) : ConformanceSuite(kit, GatewayWire.Json);

public sealed class WebSocketConformanceTests(KitProcess kit) : ConformanceSuite(kit, GatewayWire.WebSocket);
