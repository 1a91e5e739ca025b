namespace Gateway.Engine;

/// <summary>Recovers sessions once the gateway listens, so that no number of them keeps the port shut; until then it is not ready.</summary>
/// <remarks>A command for a session whose turn has not come yet recovers it. The drain pauses sessions before the gateway stops listening.</remarks>
internal sealed class SessionRecovery(LocalSessionHost host) : IHostedLifecycleService, IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _attempted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _recovery = Task.CompletedTask;
    private bool _disposed;

    /// <summary>Ends when every session of an earlier process has had its turn, whatever came of it.</summary>
    internal Task Attempted => _attempted.Task;

    /// <inheritdoc/>
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        host.ExpectRecovery();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        var stop = _stop.Token;
        _recovery = Task.Run(() => RecoverAsync(stop), CancellationToken.None);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        // A host that is stopped once more has disposed of its services already.
        if (_disposed) return;
        await _stop.CancelAsync();
        await _recovery;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        _stop.Cancel();
        _stop.Dispose();
    }

    private async Task RecoverAsync(CancellationToken stop)
    {
        try
        {
            await host.RecoverAsync(stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The gateway stops; what has not been recovered waits in its log for the next start.
        }
        finally
        {
            _attempted.TrySetResult();
        }
    }
}
