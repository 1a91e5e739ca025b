namespace Gateway.Tests.EndToEnd;

public sealed class PauseOnHubJson(GatedGateway gateway) : PauseSuite<HubJsonDoor>(gateway);

public sealed class PauseOnHubMessagePack(GatedGateway gateway) : PauseSuite<HubMessagePackDoor>(gateway);

public sealed class PauseOnWebSocket(GatedGateway gateway) : PauseSuite<WebSocketDoor>(gateway);

public sealed class PauseOnHttp(GatedGateway gateway) : PauseSuite<HttpDoor>(gateway);
