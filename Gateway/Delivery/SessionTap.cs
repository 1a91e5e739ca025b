using Gateway.Log;

namespace Gateway.Delivery;

/// <summary>One reader's place in a session whose events it wants as objects, and not as frames of a wire.</summary>
/// <remarks>What is committed while it reads is kept ready for it, up to a bound; beyond that it reads the log, and so costs no more.</remarks>
internal sealed class SessionTap(string sessionId, ISessionLog log, Action<SessionTap> close) : IDisposable
{
    private const int MostReady = 512;
    private static readonly ReadLimit Page = new(500, 1024 * 1024);

    private readonly Lock _gate = new();
    private readonly List<LoggedEvent> _ready = [];
    private TaskCompletionSource _news = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isBehind = true;
    private bool _isDeleted;

    /// <summary>The session.</summary>
    public string SessionId => sessionId;

    /// <summary>The next events after a seq, once there are any; empty when the session has been deleted.</summary>
    /// <exception cref="StorageException">The log cannot be read now.</exception>
    /// <exception cref="DamagedLogException">It cannot be read on.</exception>
    public async Task<IReadOnlyList<LoggedEvent>> ReadAsync(long afterSeq, CancellationToken cancellationToken)
    {
        while (true)
        {
            var (ready, isBehind, news) = Take(afterSeq);
            if (ready is not null) return ready;

            // What is committed from now on is kept ready, so nothing lies between the two.
            if (isBehind && await ReadLogAsync(afterSeq, cancellationToken) is { Count: > 0 } page) return page;
            if (!isBehind) await news.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Events have been committed.</summary>
    public void Offer(IReadOnlyList<LoggedEvent> events)
    {
        lock (_gate)
        {
            if (!_isBehind && _ready.Count + events.Count <= MostReady)
            {
                _ready.AddRange(events);
            }
            else
            {
                _ready.Clear();
                _isBehind = true;
            }
        }

        Tell();
    }

    /// <summary>The session has been deleted.</summary>
    public void Delete()
    {
        lock (_gate) _isDeleted = true;
        Tell();
    }

    /// <inheritdoc/>
    public void Dispose() => close(this);

    private (IReadOnlyList<LoggedEvent>? Ready, bool IsBehind, Task News) Take(long afterSeq)
    {
        lock (_gate)
        {
            if (_isDeleted) return ([], false, _news.Task);
            _ready.RemoveAll(logged => logged.Seq <= afterSeq);
            var isBehind = _isBehind || (_ready.Count > 0 && _ready[0].Seq != afterSeq + 1);
            IReadOnlyList<LoggedEvent>? events = isBehind || _ready.Count == 0 ? null : [.. _ready];
            _ready.Clear();
            _isBehind = false;
            return (events, isBehind, _news.Task);
        }
    }

    private async Task<IReadOnlyList<LoggedEvent>> ReadLogAsync(long afterSeq, CancellationToken cancellationToken)
    {
        try
        {
            var page = await log.ReadAsync(sessionId, afterSeq, Page, cancellationToken);

            // There may be more than one page.
            if (page.Count > 0) lock (_gate) _isBehind = true;
            return page;
        }
        catch
        {
            lock (_gate) _isBehind = true;
            throw;
        }
    }

    private void Tell()
    {
        TaskCompletionSource news;
        lock (_gate)
        {
            news = _news;
            _news = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        news.TrySetResult();
    }
}
