using Gateway.Client;

namespace Gateway.Tests.Client;

public sealed class MessagePackReadingTests() : ReadingSuite(GatewayWire.MessagePack);
