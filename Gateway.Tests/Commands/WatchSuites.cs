using Xunit;

namespace Gateway.Tests.Commands;

public sealed class WebSocketWatchTests(WatchFixture gateway) : WatchSuite(gateway), IClassFixture<WatchFixture>
{
    private readonly WatchFixture _gateway = gateway;

    private protected override Task<IRoomClient> ConnectAsync() => WebSocketRoomClient.ConnectAsync(_gateway);
}

public sealed class HubJsonWatchTests(WatchFixture gateway) : WatchSuite(gateway), IClassFixture<WatchFixture>
{
    private readonly WatchFixture _gateway = gateway;

    private protected override Task<IRoomClient> ConnectAsync() => HubRoomClient.ConnectAsync(_gateway, messagePack: false);
}

public sealed class HubMessagePackWatchTests(WatchFixture gateway) : WatchSuite(gateway), IClassFixture<WatchFixture>
{
    private readonly WatchFixture _gateway = gateway;

    private protected override Task<IRoomClient> ConnectAsync() => HubRoomClient.ConnectAsync(_gateway, messagePack: true);
}
