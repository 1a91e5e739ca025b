using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Tests.Infrastructure;

/// <summary>A gateway with settings or services of one test's own.</summary>
public sealed class CustomFixture : GatewayFixture
{
    private CustomFixture(bool sockets, Dictionary<string, string?>? settings, Action<IServiceCollection>? services)
        : base(sockets, settings, services)
    {
    }

    public static async Task<GatewayFixture> StartAsync(Dictionary<string, string?>? settings = null, Action<IServiceCollection>? services = null, bool sockets = true)
    {
        var fixture = new CustomFixture(sockets, settings, services);
        await fixture.InitializeAsync();
        return fixture;
    }
}
