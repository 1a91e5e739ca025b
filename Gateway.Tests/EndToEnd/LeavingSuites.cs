namespace Gateway.Tests.EndToEnd;

public sealed class LeavingOnHubJson(GatedGateway gateway) : LeavingSuite<HubJsonDoor>(gateway);

public sealed class LeavingOnHubMessagePack(GatedGateway gateway) : LeavingSuite<HubMessagePackDoor>(gateway);

public sealed class LeavingOnWebSocket(GatedGateway gateway) : LeavingSuite<WebSocketDoor>(gateway);

public sealed class LeavingOnHttp(GatedGateway gateway) : LeavingSuite<HttpDoor>(gateway);
