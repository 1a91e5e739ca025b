using Gateway.Tests.Infrastructure;

namespace Gateway.Tests.EndToEnd;

public sealed class DebateOnHubJson(SocketFixture gateway) : DebateSuite<HubJsonDoor>(gateway);

public sealed class DebateOnHubMessagePack(SocketFixture gateway) : DebateSuite<HubMessagePackDoor>(gateway);

public sealed class DebateOnWebSocket(SocketFixture gateway) : DebateSuite<WebSocketDoor>(gateway);

public sealed class DebateOnHttp(SocketFixture gateway) : DebateSuite<HttpDoor>(gateway);
