using Xunit;

namespace Gateway.Tests.Conformance;

/// <summary>A connection that breaks behind each single frame of a session: every client goes on behind it.</summary>
[Collection(KitCollection.Name)]
public sealed class BoundaryTests(KitProcess kit)
{
    // More than the session has events. SignalR's own client has the dearest connections, so it goes by one wire.
    [Fact]
    public Task All_clients_get_everything_though_each_connection_brings_one_new_event() =>
        AllClients.AssertKeptAsync(kit, "cut", "&at=1-1000", retryMs: 1, wires: ["messagepack-websockets"]);
}
