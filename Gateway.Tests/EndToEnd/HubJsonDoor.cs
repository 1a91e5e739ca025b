using Gateway.Tests.Infrastructure;

namespace Gateway.Tests.EndToEnd;

/// <summary>A client on the hub, with Json.</summary>
public sealed class HubJsonDoor : HubDoor, IDoorKind
{
    private HubJsonDoor(GatewayFixture gateway)
        : base(gateway, messagePack: false)
    {
    }

    public static Task<IDoor> ConnectAsync(GatewayFixture gateway) => new HubJsonDoor(gateway).OpenAsync();

    public static Task<IDoor> WatchAsync(GatewayFixture gateway, string sessionId, long afterSeq = 0) => new HubJsonDoor(gateway).OpenAsync(sessionId, afterSeq);
}
