using Gateway.Lifetime;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Gateway.Health;

/// <summary>Not ready once the gateway shuts down, so that load balancers send clients elsewhere.</summary>
internal sealed class DrainHealthCheck(DrainState drain) : IHealthCheck
{
    /// <inheritdoc/>
    /// <remarks>Degraded and not unhealthy: the framework logs an unhealthy check as an error, and a shutdown is not an error.</remarks>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(drain.IsDraining ? HealthCheckResult.Degraded("The gateway is shutting down.") : HealthCheckResult.Healthy());
}
