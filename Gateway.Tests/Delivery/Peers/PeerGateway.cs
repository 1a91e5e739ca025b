using Gateway.Admission;
using Gateway.Delivery;
using Gateway.Tests.Infrastructure;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Tests.Delivery.Peers;

/// <summary>Gateways for tests with peers: with a store of choice, or with a clock that only the test moves.</summary>
internal static class PeerGateway
{
    public const string Memory = "memory";
    public const string Sqlite = "sqlite";

    /// <summary>A gateway on real sockets.</summary>
    public static Task<GatewayFixture> StartAsync(string store = Memory, Dictionary<string, string?>? settings = null) =>
        CustomFixture.StartAsync(new(settings ?? []) { ["Gateway:Storage:Provider"] = store });

    /// <summary>A gateway whose heartbeat ticks when a test calls <see cref="ConnectionWatch.Look"/>, and at no other time.</summary>
    public static Task<GatewayFixture> StartWithoutClockAsync(Dictionary<string, string?>? settings = null, Action<IServiceCollection>? more = null) =>
        CustomFixture.StartAsync(settings, services =>
        {
            services.AddSingleton<TimeProvider>(new WatchedClock());
            more?.Invoke(services);
        });

    public static ConnectionWatch Watch(this GatewayFixture gateway) => gateway.Services.GetRequiredService<ConnectionWatch>();

    /// <summary>The clock of a gateway that was started without one.</summary>
    public static WatchedClock Clock(this GatewayFixture gateway) => (WatchedClock)gateway.Services.GetRequiredService<TimeProvider>();

    public static ConnectionRegistry Connections(this GatewayFixture gateway) => gateway.Services.GetRequiredService<ConnectionRegistry>();

    /// <summary>Completes when the gateway has no connection left.</summary>
    public static Task AllGoneAsync(this GatewayFixture gateway) => gateway.Services.GetRequiredService<ConnectionLimiter>().WhenEmptyAsync();

    /// <summary>Logs and publishes many tokens, some hundred at a time.</summary>
    public static async Task SayManyAsync(this TestSession session, int count, int batch = 500)
    {
        for (var left = count; left > 0; left -= batch) await session.SayAsync(Math.Min(batch, left));
    }
}
