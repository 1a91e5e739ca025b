using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Tests.Infrastructure;

/// <summary>A gateway with settings or services of one test's own.</summary>
public sealed class CustomFixture(bool sockets, Dictionary<string, string?>? settings = null, Action<IServiceCollection>? services = null)
    : GatewayFixture(sockets, settings, services);
