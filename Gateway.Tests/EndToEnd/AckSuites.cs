namespace Gateway.Tests.EndToEnd;

public sealed class AckOnHubJson(GatedGateway gateway) : AckSuite<HubJsonDoor>(gateway);

public sealed class AckOnHubMessagePack(GatedGateway gateway) : AckSuite<HubMessagePackDoor>(gateway);

public sealed class AckOnWebSocket(GatedGateway gateway) : AckSuite<WebSocketDoor>(gateway);

public sealed class AckOnHttp(GatedGateway gateway) : AckSuite<HttpDoor>(gateway);
