namespace Gateway.Tests.Infrastructure;

/// <summary>The gateway in a test host, without sockets.</summary>
public sealed class TestHostFixture() : GatewayFixture(sockets: false);
