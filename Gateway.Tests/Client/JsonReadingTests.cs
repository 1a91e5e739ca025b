using Gateway.Client;

namespace Gateway.Tests.Client;

public sealed class JsonReadingTests() : ReadingSuite(GatewayWire.Json);
