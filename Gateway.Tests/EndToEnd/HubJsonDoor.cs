using Gateway.Tests.Infrastructure;

namespace Gateway.Tests.EndToEnd;

/// <summary>A client on the hub, with Json.</summary>
public sealed class HubJsonDoor : HubDoor, IDoorKind
{
    private HubJsonDoor(GatewayFixture gateway)
        : base(gateway, messagePack: false)
    {
    }

    public static async Task<IDoor> ConnectAsync(GatewayFixture gateway)
    {
        var door = new HubJsonDoor(gateway);
        await door.OpenAsync();
        return door;
    }

    public static async Task<IDoor> WatchAsync(GatewayFixture gateway, string sessionId, long afterSeq = 0)
    {
        var door = (HubJsonDoor)await ConnectAsync(gateway);
        await door.SubscribeAsync(sessionId, afterSeq);
        return door;
    }
}
