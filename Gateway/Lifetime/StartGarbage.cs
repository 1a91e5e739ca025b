namespace Gateway.Lifetime;

/// <summary>Collects what the start has left, before clients come.</summary>
/// <remarks>
/// Reading workflows and building services leaves garbage that has grown old by then. Left alone, it brings the next full
/// collection forward into the first rush of clients, where it costs what five hundred connections do.
/// </remarks>
internal sealed class StartGarbage : IHostedLifecycleService
{
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        GC.Collect();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
