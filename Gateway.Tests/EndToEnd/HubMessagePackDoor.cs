using Gateway.Tests.Infrastructure;

namespace Gateway.Tests.EndToEnd;

/// <summary>A client on the hub, with MessagePack.</summary>
public sealed class HubMessagePackDoor : HubDoor, IDoorKind
{
    private HubMessagePackDoor(GatewayFixture gateway)
        : base(gateway, messagePack: true)
    {
    }

    public static async Task<IDoor> ConnectAsync(GatewayFixture gateway)
    {
        var door = new HubMessagePackDoor(gateway);
        await door.OpenAsync();
        return door;
    }

    public static async Task<IDoor> WatchAsync(GatewayFixture gateway, string sessionId, long afterSeq = 0)
    {
        var door = (HubMessagePackDoor)await ConnectAsync(gateway);
        await door.SubscribeAsync(sessionId, afterSeq);
        return door;
    }
}
