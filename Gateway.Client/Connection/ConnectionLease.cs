using Gateway.Contracts;

namespace Gateway.Client.Connection;

/// <summary>One connection from its start to its end; the next one gets a new lease.</summary>
/// <remarks>Each event is handed over with its lease, so that late events of an old connection can be told apart.</remarks>
/// <param name="received">Is given each event, one at a time; must not block.</param>
internal abstract class ConnectionLease(Action<ConnectionLease, SessionEvent> received) : IAsyncDisposable
{
    private readonly TaskCompletionSource<Exception?> _lost = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _heard;

    /// <summary>Completes when the connection has ended, with the reason if there is one.</summary>
    /// <remarks>A <see cref="GatewayClientException"/> as the reason means that the gateway said not to come back.</remarks>
    public Task<Exception?> Lost => _lost.Task;

    /// <summary>Rises with everything that arrives, which shows that the connection lives.</summary>
    public long Heard => Volatile.Read(ref _heard);

    /// <summary>Connects.</summary>
    public abstract Task StartAsync(CancellationToken cancellationToken);

    /// <summary>Sends a command and waits for its answer.</summary>
    /// <param name="command">The command.</param>
    /// <param name="data">Its record; null when it has none.</param>
    /// <param name="cancellationToken">Stops the waiting, not what the gateway does.</param>
    /// <returns>The acknowledgement; null for a command that has none.</returns>
    /// <exception cref="GatewayClientException">The gateway refused.</exception>
    /// <exception cref="ConnectionBrokenException">The connection ended first.</exception>
    public abstract Task<SessionAck?> InvokeAsync(CommandInfo command, object? data, CancellationToken cancellationToken);

    /// <summary>What waits for a person, and then each change of that, until it is cancelled.</summary>
    /// <exception cref="GatewayClientException">The gateway refused.</exception>
    /// <exception cref="ConnectionBrokenException">The connection ended.</exception>
    /// <exception cref="IOException">The stream alone has ended.</exception>
    public abstract IAsyncEnumerable<InboxFrame> WatchInboxAsync(WatchInbox watch, CancellationToken cancellationToken);

    /// <summary>Takes the connection for lost, whatever the transport believes.</summary>
    public void End(Exception? reason) => _lost.TrySetResult(reason);

    public abstract ValueTask DisposeAsync();

    /// <summary>Hands an event over.</summary>
    protected void Receive(SessionEvent sessionEvent)
    {
        NoteLife();
        received(this, sessionEvent);
    }

    /// <summary>Notes that something has arrived.</summary>
    protected void NoteLife() => Interlocked.Increment(ref _heard);
}
