using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Tests.Infrastructure;

/// <summary>A gateway with settings or services of one test's own.</summary>
public sealed class CustomFixture : GatewayFixture
{
    private CustomFixture(bool sockets, Dictionary<string, string?>? settings, Action<IServiceCollection>? services, Action<KestrelServerOptions>? kestrel = null)
        : base(sockets, settings, services, kestrel)
    {
    }

    public static async Task<GatewayFixture> StartAsync(Dictionary<string, string?>? settings = null, Action<IServiceCollection>? services = null, bool sockets = true)
    {
        var fixture = new CustomFixture(sockets, settings, services);
        await fixture.InitializeAsync();
        return fixture;
    }

    /// <summary>A gateway that is reached in the same way as another one and serves the same, with settings of its own.</summary>
    public static async Task<GatewayFixture> StartLikeAsync(GatewayFixture other, Dictionary<string, string?> settings)
    {
        var fixture = new CustomFixture(other.HasSockets, settings, other.MoreServices, other.Kestrel);
        await fixture.InitializeAsync();
        return fixture;
    }
}
