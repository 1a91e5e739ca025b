namespace Gateway.Tests.EndToEnd;

public sealed class EndOnHubJson(GatedGateway gateway) : EndSuite<HubJsonDoor>(gateway);

public sealed class EndOnHubMessagePack(GatedGateway gateway) : EndSuite<HubMessagePackDoor>(gateway);

public sealed class EndOnWebSocket(GatedGateway gateway) : EndSuite<WebSocketDoor>(gateway);

public sealed class EndOnHttp(GatedGateway gateway) : EndSuite<HttpDoor>(gateway);
