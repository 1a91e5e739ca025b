using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Gateway.Client.Connection;

/// <summary>Calls the user's state handlers one after the other, off the connection's own loops.</summary>
internal sealed partial class StateNotifier : IAsyncDisposable
{
    private readonly Action<ConnectionStateChangedEventArgs> _notify;
    private readonly ILogger _logger;
    private readonly Task _run;
    private int _handlerThread;

    // A handler that blocks misses the oldest changes; the newest always arrive.
    private readonly Channel<ConnectionStateChangedEventArgs> _changes =
        Channel.CreateBounded<ConnectionStateChangedEventArgs>(new BoundedChannelOptions(64) { FullMode = BoundedChannelFullMode.DropOldest });

    public StateNotifier(Action<ConnectionStateChangedEventArgs> notify, ILogger logger)
    {
        _notify = notify;
        _logger = logger;
        _run = Task.Run(RunAsync);
    }

    public void Post(ConnectionStateChangedEventArgs change) => _changes.Writer.TryWrite(change);

    public async ValueTask DisposeAsync()
    {
        _changes.Writer.TryComplete();
        // A handler that disposes the client and waits for it must not wait for itself.
        if (_handlerThread != Environment.CurrentManagedThreadId) await _run.ConfigureAwait(false);
    }

    private async Task RunAsync()
    {
        await foreach (var change in _changes.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            _handlerThread = Environment.CurrentManagedThreadId;
            try
            {
                _notify(change);
            }
            catch (Exception e)
            {
                LogHandlerFailed(e);
            }
            finally
            {
                _handlerThread = 0;
            }
        }
    }

    [LoggerMessage(10, LogLevel.Error, "A connection state handler threw")]
    private partial void LogHandlerFailed(Exception exception);
}
