using Gateway.Client;
using Gateway.Tests.Infrastructure;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using Xunit;

namespace Gateway.Tests.Client;

/// <summary>The client among an application's services.</summary>
public sealed class ServicesTests : ClientTest
{
    [Fact]
    public async Task The_client_connects_by_itself_and_its_health_follows_the_connection()
    {
        await using var provider = new ServiceCollection().AddLogging()
            .AddGatewayClient(o =>
            {
                o.Address = Server.Address.ToString();
                o.RetryPolicy = new ImmediateRetry(tries: 2);
                o.RetryFirstConnect = false;
            })
            .AddHealthChecks().AddGatewayClientCheck("ready").Services.BuildServiceProvider();
        var client = provider.GetRequiredService<GatewayClient>();
        var states = new Journal<GatewayConnectionState>();
        client.ConnectionStateChanged += (_, e) => states.Add(e.State);

        await client.PingAsync(Token);
        Assert.Equal(HealthStatus.Healthy, await HealthAsync(provider));
        await Server.StopServerAsync();
        await states.UntilAsync(s => s.Contains(GatewayConnectionState.Closed), "the end of the tries");

        Assert.Equal(HealthStatus.Unhealthy, await HealthAsync(provider));
    }

    [Fact]
    public async Task While_it_connects_the_client_is_degraded_and_commands_wait()
    {
        await Server.StopServerAsync();
        var tried = Gate();
        await using var provider = new ServiceCollection().AddLogging()
            .AddGatewayClient(o => (o.Address, o.RetryPolicy) = (Server.Address.ToString(), new ImmediateRetry(onRetry: () => tried.TrySetResult())))
            .AddHealthChecks().AddGatewayClientCheck().Services.BuildServiceProvider();

        var ping = provider.GetRequiredService<GatewayClient>().PingAsync(Token);
        await Wait.For(tried.Task, "the first retry");
        Assert.Equal(HealthStatus.Degraded, await HealthAsync(provider));
        await Server.StartServerAsync();

        await Wait.For(ping, "the answer");
    }

    [Fact]
    public void Every_setting_out_of_its_range_is_told_at_once()
    {
        using var provider = new ServiceCollection()
            .AddGatewayClient(o => (o.Address, o.BufferSize, o.HeartbeatTimeout, o.Wire) = ("localhost:8080", 0, TimeSpan.Zero, (GatewayWire)7))
            .BuildServiceProvider();

        var refusal = Assert.Throws<OptionsValidationException>(provider.GetRequiredService<GatewayClient>);

        Assert.Equal(
            [
                "Wire must be one of MessagePack, Json, WebSocket; it is 7.",
                "BufferSize must be at least 1; it is 0.",
                "HeartbeatTimeout must be positive; it is 00:00:00.",
                "Address must be the address of a gateway, such as http://localhost:8080; it is 'localhost:8080'.",
            ],
            refusal.Failures);
    }

    [Fact]
    public async Task Settings_may_come_from_a_configuration()
    {
        var settings = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Client:Address"] = Server.AddressOf(GatewayWire.WebSocket).ToString(),
            ["Client:Wire"] = "WebSocket",
            ["Client:HeartbeatInterval"] = "00:00:10",
        }).Build();
        var services = new ServiceCollection().AddSingleton<IConfiguration>(settings).AddGatewayClient();
        services.AddOptions<GatewayClientOptions>().BindConfiguration("Client");
        await using var provider = services.BuildServiceProvider();

        var client = provider.GetRequiredService<GatewayClient>();

        await client.PingAsync(Token);
        Assert.Equal("/ws", client.Address.AbsolutePath);
        Assert.Equal(TimeSpan.FromSeconds(10), provider.GetRequiredService<IOptions<GatewayClientOptions>>().Value.HeartbeatInterval);
    }

    [Fact]
    public void A_client_made_by_hand_refuses_such_settings_too()
    {
        var refusal = Assert.Throws<ArgumentException>(() => NewClient(o => (o.BufferSize, o.MaxGapRetries) = (0, -1)));

        Assert.StartsWith("BufferSize must be at least 1; it is 0. MaxGapRetries must not be negative; it is -1.", refusal.Message, StringComparison.Ordinal);
    }

    private static async Task<HealthStatus> HealthAsync(IServiceProvider provider) =>
        (await provider.GetRequiredService<HealthCheckService>().CheckHealthAsync(Token)).Entries[GatewayClientServices.HealthCheckName].Status;
}
