namespace Gateway.Tests.Infrastructure;

/// <summary>The gateway on Kestrel, with real sockets.</summary>
public sealed class SocketFixture() : GatewayFixture(sockets: true);
