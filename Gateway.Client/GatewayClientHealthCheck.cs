using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Gateway.Client;

/// <summary>Tells where the connection of a client stands.</summary>
internal sealed class GatewayClientHealthCheck(GatewayClient client) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(client.ConnectionState switch
        {
            GatewayConnectionState.Connected => HealthCheckResult.Healthy($"Connected to {client.Address}."),
            GatewayConnectionState.Closed => new HealthCheckResult(context.Registration.FailureStatus, $"Closed: there is no connection to {client.Address}, and none is tried."),
            var trying => HealthCheckResult.Degraded($"{trying}: there is no connection to {client.Address} at the moment."),
        });
}
