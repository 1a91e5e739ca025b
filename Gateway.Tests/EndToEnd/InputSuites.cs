using Gateway.Tests.Infrastructure;

namespace Gateway.Tests.EndToEnd;

public sealed class InputOnHubJson(SocketFixture gateway) : InputSuite<HubJsonDoor>(gateway);

public sealed class InputOnWebSocket(SocketFixture gateway) : InputSuite<WebSocketDoor>(gateway);

public sealed class InputOnHttp(SocketFixture gateway) : InputSuite<HttpDoor>(gateway);
