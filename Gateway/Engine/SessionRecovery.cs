namespace Gateway.Engine;

/// <summary>Brings sessions back before the gateway listens, and pauses them before it stops listening.</summary>
public sealed class SessionRecovery(LocalSessionHost host) : IHostedLifecycleService
{
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(10);

    /// <inheritdoc/>
    public Task StartingAsync(CancellationToken cancellationToken) => host.RecoverAsync(cancellationToken);

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    /// <remarks>Clients are still connected and see their sessions pause.</remarks>
    public Task StoppingAsync(CancellationToken cancellationToken) => host.StopAsync(StopTimeout);

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
