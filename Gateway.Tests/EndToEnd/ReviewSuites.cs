namespace Gateway.Tests.EndToEnd;

public sealed class ReviewOnHubJson(GatedGateway gateway) : ReviewSuite<HubJsonDoor>(gateway);

public sealed class ReviewOnHubMessagePack(GatedGateway gateway) : ReviewSuite<HubMessagePackDoor>(gateway);

public sealed class ReviewOnWebSocket(GatedGateway gateway) : ReviewSuite<WebSocketDoor>(gateway);

public sealed class ReviewOnHttp(GatedGateway gateway) : ReviewSuite<HttpDoor>(gateway);
