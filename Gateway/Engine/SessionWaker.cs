using Gateway.Log;
using Microsoft.Extensions.Options;

namespace Gateway.Engine;

/// <summary>Brings back the sessions that wait for somebody and have left the memory, when the time of one of their nodes comes.</summary>
/// <remarks>It knows one time, that of the next session in the log's index; sessions in memory have timers of their own.</remarks>
internal sealed class SessionWaker(LocalSessionHost host, IOptions<StorageOptions> options, TimeProvider time) : IHostedLifecycleService, IDisposable
{
    // No timer waits for longer; then it is looked again.
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    private readonly CancellationTokenSource _stop = new();
    private Task _loop = Task.CompletedTask;
    private bool _disposed;

    /// <inheritdoc/>
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        var stop = _stop.Token;
        _loop = Task.Run(() => RunAsync(stop), CancellationToken.None);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        // A host that is stopped once more has disposed of its services already.
        if (_disposed) return;
        await _stop.CancelAsync();
        host.Slept.Set();
        await _loop;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    /// <remarks>A host that is disposed of without a stop leaves nothing behind either: what waits for a day would keep all of it.</remarks>
    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        _stop.Cancel();
        host.Slept.Set();
        _stop.Dispose();
    }

    private async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var wait = LongestWait;
            try
            {
                if (await host.WakeDueAsync(stop) is { } next) wait = next - time.GetUtcNow().UtcDateTime;
            }
            catch (StorageException)
            {
                // The store has told why. A session that is late is woken when the store works again.
                wait = options.Value.RetryInterval;
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }

            if (wait > LongestWait) wait = LongestWait;
            if (wait > TimeSpan.Zero) await host.Slept.WaitAsync(wait, time);
        }
    }
}
