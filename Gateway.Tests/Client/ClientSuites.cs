using Gateway.Client;

namespace Gateway.Tests.Client;

public sealed class MessagePackReadingTests() : ReadingSuite(GatewayWire.MessagePack);

public sealed class JsonReadingTests() : ReadingSuite(GatewayWire.Json);

public sealed class WebSocketReadingTests() : ReadingSuite(GatewayWire.WebSocket);

public sealed class MessagePackCommandTests() : CommandSuite(GatewayWire.MessagePack);

public sealed class JsonCommandTests() : CommandSuite(GatewayWire.Json);

public sealed class WebSocketCommandTests() : CommandSuite(GatewayWire.WebSocket);

public sealed class MessagePackSharedSessionTests() : SharedSessionSuite(GatewayWire.MessagePack);

public sealed class JsonSharedSessionTests() : SharedSessionSuite(GatewayWire.Json);

public sealed class WebSocketSharedSessionTests() : SharedSessionSuite(GatewayWire.WebSocket);

public sealed class MessagePackSlowConsumerTests() : SlowConsumerSuite(GatewayWire.MessagePack);

public sealed class WebSocketSlowConsumerTests() : SlowConsumerSuite(GatewayWire.WebSocket);

public sealed class MessagePackLifetimeTests() : LifetimeSuite(GatewayWire.MessagePack);

public sealed class JsonLifetimeTests() : LifetimeSuite(GatewayWire.Json);

public sealed class WebSocketLifetimeTests() : LifetimeSuite(GatewayWire.WebSocket);

public sealed class MessagePackStallTests() : StallSuite(GatewayWire.MessagePack);

public sealed class WebSocketStallTests() : StallSuite(GatewayWire.WebSocket);

public sealed class MessagePackSessionHandleTests() : SessionHandleSuite(GatewayWire.MessagePack);

public sealed class JsonSessionHandleTests() : SessionHandleSuite(GatewayWire.Json);

public sealed class WebSocketSessionHandleTests() : SessionHandleSuite(GatewayWire.WebSocket);
