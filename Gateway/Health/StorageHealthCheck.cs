using Gateway.Engine;
using Gateway.Log;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Gateway.Health;

/// <summary>Not ready while the session log cannot be written, or unfinished sessions wait for it since the start.</summary>
internal sealed class StorageHealthCheck(ILogHealth health, LocalSessionHost? host = null) : IHealthCheck
{
    /// <inheritdoc/>
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (!await health.ProbeAsync(cancellationToken)) return HealthCheckResult.Unhealthy(health.LastError ?? "The session log cannot be written.");
        if (host is not { IsRecoveryPending: true }) return HealthCheckResult.Healthy();
        return host.IsRecoveryHeld
            ? HealthCheckResult.Unhealthy(health.LastError ?? "Unfinished sessions could not be read from the session log yet. The gateway keeps trying, and its log says why.")
            : HealthCheckResult.Degraded("Unfinished sessions of the last run are being brought back.");
    }
}
