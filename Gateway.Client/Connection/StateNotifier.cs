using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Gateway.Client.Connection;

/// <summary>Calls the user's state handlers one after the other, off the connection's own loops.</summary>
internal sealed partial class StateNotifier
{
    private readonly Action<ConnectionStateChangedEventArgs> _notify;
    private readonly ILogger _logger;
    private volatile int _handlerThread;

    // A handler that blocks for long misses the oldest changes; the newest ones always arrive.
    private readonly Channel<ConnectionStateChangedEventArgs> _changes =
        Channel.CreateBounded<ConnectionStateChangedEventArgs>(new BoundedChannelOptions(64) { FullMode = BoundedChannelFullMode.DropOldest });

    public StateNotifier(Action<ConnectionStateChangedEventArgs> notify, ILogger logger)
    {
        _notify = notify;
        _logger = logger;
        Completion = Task.Run(RunAsync);
    }

    /// <summary>Ends when the handlers have been told everything.</summary>
    public Task Completion { get; }

    /// <summary>True on the thread that is running a handler, which must not wait for <see cref="Completion"/>.</summary>
    public bool IsInsideHandler => _handlerThread == Environment.CurrentManagedThreadId;

    public void Post(ConnectionStateChangedEventArgs change) => _changes.Writer.TryWrite(change);

    /// <summary>Takes no more changes.</summary>
    public void Complete() => _changes.Writer.TryComplete();

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
}
