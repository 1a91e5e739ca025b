using Gateway.Log;

namespace Gateway.Observers;

/// <summary>Runs the observers of the host beside the sessions, from the start of the gateway to its stop.</summary>
internal sealed class ObserverService : IHostedLifecycleService, ICommitListener, IAsyncDisposable
{
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(5);

    private readonly IReadOnlyList<ObserverRun> _runs;
    private readonly TimeProvider _time;

    /// <summary>One run for each observer.</summary>
    /// <exception cref="InvalidOperationException">Two have the same name.</exception>
    public ObserverService(IEnumerable<ObserverRegistration> observers, ISessionLog log, IServiceProvider services, TimeProvider time, ILogger<ObserverRun> logger)
    {
        _time = time;
        var all = observers.ToList();
        if (all.GroupBy(observer => observer.Name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new InvalidOperationException($"Two session observers are named '{twice.Key}', and their places in the log would be one; give each a name of its own.");
        }

        var cursors = log as ILogCursors ?? throw new InvalidOperationException($"The session log of this host, {log.GetType().Name}, keeps no cursors, and session observers need them: it has to be an {nameof(ILogCursors)}, too.");
        _runs = [.. all.Select(observer => new ObserverRun(observer.Name, (moment, cancellationToken) => observer.Observe(services, moment, cancellationToken), log, cursors, time, logger))];
    }

    /// <inheritdoc/>
    public void OnCommitted(IReadOnlyList<LoggedEvent> events)
    {
        foreach (var logged in events)
        {
            if (!Moments.Is(logged.Event)) continue;
            foreach (var run in _runs) run.Note(logged.Event.SessionId);
            return;
        }
    }

    /// <inheritdoc/>
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    /// <remarks>Before the first session runs: what happens from now on is for a new observer to hear.</remarks>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var run in _runs) await run.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.WhenAll(_runs.Select(run => run.StopAsync())).WaitAsync(cancellationToken);

    /// <inheritdoc/>
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    /// <remarks>Code of the host that does not end when it is told to is left to itself.</remarks>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await Task.WhenAll(_runs.Select(run => run.StopAsync())).WaitAsync(LastWords, _time);
        }
        catch (TimeoutException)
        {
            // What it was about is told again after the next start.
        }
    }
}
