using Gateway.Tests.Infrastructure;

namespace Gateway.Tests.EndToEnd;

/// <summary>A client on the hub, with MessagePack.</summary>
public sealed class HubMessagePackDoor : HubDoor, IDoorKind
{
    private HubMessagePackDoor(GatewayFixture gateway)
        : base(gateway, messagePack: true)
    {
    }

    public static Task<IDoor> ConnectAsync(GatewayFixture gateway) => new HubMessagePackDoor(gateway).OpenAsync();

    public static Task<IDoor> WatchAsync(GatewayFixture gateway, string sessionId, long afterSeq = 0) => new HubMessagePackDoor(gateway).OpenAsync(sessionId, afterSeq);
}
