using Gateway.Lifetime;
using Microsoft.Extensions.Options;

namespace Gateway.Shutdown;

/// <summary>Drains before anything else stops, whichever way the stop comes.</summary>
/// <remarks>
/// A host that is stopped by its owner calls <see cref="StoppingAsync"/> first and signals ApplicationStopping afterwards.
/// SIGTERM signals ApplicationStopping first, and SignalR answers to that by cutting every hub connection at once.
/// Callbacks run last registered first, and SignalR registers when the hub is mapped: this one, registered when the host
/// has started, comes before it, and blocks, because the thread of the signal must wait until the drain is done.
/// </remarks>
internal sealed class DrainService(Drain drain, IHostApplicationLifetime lifetime, IOptions<ShutdownOptions> options) : IHostedLifecycleService, IDisposable
{
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(5);

    private CancellationTokenRegistration _stopping;

    /// <inheritdoc/>
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        _stopping = lifetime.ApplicationStopping.Register(() => drain.RunAsync().Wait(Drain.LongestOf(options.Value) + Slack, CancellationToken.None));
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StoppingAsync(CancellationToken cancellationToken) => drain.RunAsync().WaitAsync(cancellationToken);

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public void Dispose() => _stopping.Dispose();
}
