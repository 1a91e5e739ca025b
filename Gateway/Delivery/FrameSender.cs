// Longer than 400 lines because it is the one place where a write is decided on, and every way to begin or end one
// has to be seen beside the others; what could be told apart from that is in its parts.
using System.Buffers;
using Gateway.Delivery.Outputs;
using Gateway.Delivery.Wires;
using Gateway.Refusals;

namespace Gateway.Delivery;

/// <summary>The one writer of a client connection: interleaves its own frames with its subscriptions, a whole frame at a time.</summary>
/// <remarks>
/// Nobody waits for it: a fan-out that finds it writing goes on to the next, and whoever ends the write looks
/// for more. A reader that is behind costs its cursor and at most one page of the log.
/// </remarks>
internal sealed class FrameSender : IWriteProgress, IDisposable
{
    // The fan-out touches the first of these, in this order, and fetches them ahead: see PrefetchParts.
    private readonly Lock _gate = new();
    private readonly FrameOutput _output;
    private readonly SenderServices _services;
    private readonly Action _abort;
    private Wire? _wire;
    private Task? _finishing;
    private readonly bool _pings;
    private SenderState _state;
    private bool _writing;
    private bool _blocked;
    private SubscriptionSet _subscriptions = new();
    private OutgoingQueue _outgoing;
    private PeerWatch _peer;
    private int _streams;

    public FrameSender(FrameOutput output, SenderServices services, Action abort, bool pings)
    {
        _output = output;
        _output.Owner = this;
        _services = services;
        _abort = abort;
        _pings = pings;
        _peer = new PeerWatch(services.Clock.Ticks);
    }

    /// <summary>The wire its events are encoded for; there is none before a door has taken the connection.</summary>
    public Wire Wire => _wire ?? throw new InvalidOperationException("The connection has no wire yet.");

    /// <summary>Where it stands in the registry's list; -1 when it has left. Guarded by the registry's lock.</summary>
    public int RegistryIndex { get; set; } = -1;

    /// <summary>Ends the connection in its protocol's own way when it is to leave; without it, it is dropped.</summary>
    public Action? Leaving { get; set; }

    /// <summary>The session the connection's address names; the connection ends with it. Null when it names none.</summary>
    public string? OnlySession { get; set; }

    /// <summary>Ends the connection in its protocol's own way once it has been told why <see cref="OnlySession"/> goes no further.</summary>
    public Action<GatewayException>? Refused { get; set; }

    /// <summary>Whether it is sent the live events of every session.</summary>
    public bool TakesAll { get; set; }

    /// <summary>Whether it leaves by itself when its last subscription has ended, and all of that is sent.</summary>
    public bool LeavesAtEnd { get; set; }

    /// <summary>The tick at which the client was last heard.</summary>
    public long HeardAt => _peer.HeardAt;

    /// <summary>Number of subscriptions.</summary>
    public int SubscriptionCount
    {
        get
        {
            lock (_gate) return _subscriptions.Count;
        }
    }

    /// <summary>Number of frames of its own so far: answers, pings; sent, or waiting to be.</summary>
    public int OwnFrames
    {
        get
        {
            lock (_gate) return _outgoing.Added;
        }
    }

    /// <summary>Number of subscriptions the client asked for, other streams included.</summary>
    public int AskedCount
    {
        get
        {
            lock (_gate)
            {
                var count = Volatile.Read(ref _streams);
                foreach (var subscription in _subscriptions.All) count += subscription.Asked ? 1 : 0;
                return count;
            }
        }
    }

    /// <summary>Counts a stream that is none of a session, or that it has ended (-1).</summary>
    public void CountStream(int change) => Interlocked.Add(ref _streams, change);

    /// <summary>Says what the connection speaks: the door that takes it knows.</summary>
    public void UseWire(Wire wire)
    {
        lock (_gate)
        {
            // One that has ended meanwhile is not counted any more.
            if (_state < SenderState.Closed)
            {
                _wire?.Traffic.Connected(-1);
                wire.Traffic.Connected(1);
            }

            _wire = wire;
        }
    }

    /// <summary>Notes that the client has sent something.</summary>
    public void Heard() => _peer.HeardAt = _services.Clock.Ticks;

    /// <inheritdoc/>
    void IWriteProgress.Progressed() => _peer.Progressed(_services.Clock.Ticks);

    /// <summary>Looks at the connection at a tick: pings it when it is silent, retries what could not be read.</summary>
    public ConnectionHealth Check(long now, in WatchLimits limits)
    {
        lock (_gate)
        {
            if (_state >= SenderState.Closed) return ConnectionHealth.Fine;
            if (_writing && _peer.IsStalled(_output, now, limits.Stall)) return ConnectionHealth.Stalled;
            foreach (var subscription in _subscriptions.All) subscription.Retry();
            if (_wire is { } wire)
            {
                if (_pings && !wire.Ping.IsEmpty)
                {
                    if (_peer.NeedsPing(now, limits.Ping)) _outgoing.Add(wire.Ping, FrameKind.Control);
                    else if (_peer.IsSilent(_output, _writing, now, limits.Answer)) return ConnectionHealth.Silent;
                }

                if (!wire.Comment.IsEmpty && !_writing && _peer.NeedsComment(PositionLocked(), now, limits.Comment)) _outgoing.Add(wire.Comment, FrameKind.Control);
            }

            if (!_writing) RunLocked();
            return ConnectionHealth.Fine;
        }
    }

    /// <summary>How it is named in logs.</summary>
    public string Describe()
    {
        lock (_gate)
        {
            var kind = _wire is null ? "a new connection" : $"a {_wire.Traffic.Name} connection with {_subscriptions.Count} subscription(s)";
            return _subscriptions.Count == 0 ? kind : $"{kind} to {_subscriptions.All[0].Feed.SessionId} at seq {_subscriptions.All[0].Next - 1}";
        }
    }

    /// <inheritdoc/>
    public override string ToString() => Describe();

    /// <summary>How many events each subscription is behind.</summary>
    public IReadOnlyList<long> Lags()
    {
        lock (_gate) return [.. _subscriptions.All.ToArray().Select(s => Math.Max(0, s.Feed.Head - s.Next + 1))];
    }

    /// <summary>The feeds it is subscribed to.</summary>
    public IReadOnlyList<SessionFeed> Feeds()
    {
        lock (_gate) return [.. _subscriptions.All.ToArray().Select(s => s.Feed)];
    }

    /// <summary>Sends a frame of the connection's own, ahead of any backlog; completes when the system has taken it.</summary>
    /// <exception cref="IOException">The connection has ended.</exception>
    public ValueTask SendAsync(ReadOnlyMemory<byte> frame, FrameKind kind = FrameKind.Message)
    {
        lock (_gate)
        {
            if (_state >= SenderState.Closed) return ValueTask.FromException(Ended());
            var own = _outgoing.Add(frame, kind);
            if (!_writing) RunLocked();
            return own.IsWritten ? default : new ValueTask(own.Task);
        }
    }

    /// <summary>Looks for something to send; returns at once.</summary>
    public void Wake()
    {
        lock (_gate)
        {
            if (!_writing && _state < SenderState.Closed) RunLocked();
        }
    }

    /// <summary>As <see cref="Wake"/>, where that is about one send; false, with nothing done, where it is busy or watches more than one session.</summary>
    public bool TryWake()
    {
        if (!_gate.TryEnter()) return false;
        try
        {
            if (_subscriptions.Only is null) return false;
            if (!_writing && _state < SenderState.Closed) RunLocked();
            return true;
        }
        finally
        {
            _gate.Exit();
        }
    }

    /// <summary>Fetches what a wake-up will touch; the sender itself is in the cache.</summary>
    public void PrefetchParts()
    {
        Prefetch.Object(_gate);
        Prefetch.Object(_output);
        Prefetch.Object(_subscriptions.Only, lines: 2);
    }

    /// <summary>Fetches what a write will touch; the output itself is in the cache.</summary>
    public void PrefetchOutput() => _output.PrefetchTarget();

    /// <summary>Ends the subscription to a session that has ended, if its end has been sent.</summary>
    public void Settle(SessionFeed feed)
    {
        lock (_gate)
        {
            if (_subscriptions.Find(feed.SessionId) is not { } subscription || subscription.Feed != feed) return;
            SettleLocked(subscription);
            if (!_writing) RunLocked();
        }
    }

    /// <summary>Adds a subscription, or moves the one to the same session.</summary>
    /// <returns>False when the connection has ended.</returns>
    public bool Add(SessionFeed feed, long next, bool merge, bool asked = false)
    {
        lock (_gate)
        {
            if (_state >= SenderState.Closed) return false;
            if (_subscriptions.Find(feed.SessionId) is { } old) RemoveLocked(old);
            AddLocked(new Subscription(feed, this, next, merge, asked));
            return true;
        }
    }

    /// <summary>Adds a subscription to a session it is not subscribed to.</summary>
    public void AddIfNew(SessionFeed feed, long next)
    {
        lock (_gate)
        {
            if (_state < SenderState.Closed && _subscriptions.Find(feed.SessionId) is null) AddLocked(new Subscription(feed, this, next, merge: false, asked: false));
        }
    }

    /// <summary>Goes on with a subscription that was removed, unless there is another one to its session by now.</summary>
    public void Restore(Subscription subscription)
    {
        lock (_gate)
        {
            if (_state >= SenderState.Closed || _subscriptions.Find(subscription.Feed.SessionId) is not null) return;
            AddLocked(subscription);

            // The deletion was told to those that were subscribed at that moment, and this one was not.
            if (subscription.FeedIndex >= 0 && subscription.Feed.IsDeleted) RefuseLocked(subscription, SessionRefusal.Deleted(subscription.Feed.SessionId));
            if (!_writing) RunLocked();
        }
    }

    /// <summary>Whether it is subscribed to a session.</summary>
    public bool Has(string sessionId)
    {
        lock (_gate) return _subscriptions.Find(sessionId) is not null;
    }

    /// <summary>Ends a subscription and returns it; null when there was none.</summary>
    public Subscription? Remove(string sessionId)
    {
        lock (_gate)
        {
            if (_subscriptions.Find(sessionId) is not { } subscription) return null;
            RemoveLocked(subscription);
            return subscription;
        }
    }

    /// <summary>Ends a subscription that cannot go on, and tells the client why.</summary>
    public void Refuse(Subscription subscription, GatewayException refusal)
    {
        lock (_gate)
        {
            if (_state >= SenderState.Closed || !_subscriptions.Contains(subscription)) return;
            RefuseLocked(subscription, refusal);
            if (!_writing) RunLocked();
        }
    }

    /// <summary>Tells a client that has read all of <see cref="OnlySession"/> that there is no such session any more.</summary>
    public void RefuseOnly(string sessionId, GatewayException refusal)
    {
        lock (_gate)
        {
            if (_state >= SenderState.Closed || OnlySession != sessionId) return;
            TellLocked(sessionId, refusal);
            if (!_writing) RunLocked();
        }
    }

    /// <summary>Tells a client that is about to be subscribed to a session why it cannot be.</summary>
    public void Refuse(string sessionId, GatewayException refusal)
    {
        lock (_gate)
        {
            if (_state >= SenderState.Closed) return;
            TellLocked(sessionId, refusal);
            LeaveIfDoneLocked();
            if (!_writing) RunLocked();
        }
    }

    /// <summary>Ends the connection once it has been sent everything there is.</summary>
    public void Leave()
    {
        lock (_gate)
        {
            if (_state != SenderState.Open) return;
            _state = SenderState.Leaving;
            if (!_writing) RunLocked();
        }
    }

    /// <summary>Drops the connection without a closing handshake, so that known clients reconnect.</summary>
    public void Abort()
    {
        lock (_gate)
        {
            CloseLocked();

            // Under the lock: once the request has ended and disposed of this, its context may serve another one.
            if (_state != SenderState.Disposed) _abort();
        }
    }

    /// <summary>Drops the connection after a while, unless the result is disposed of before.</summary>
    /// <remarks>
    /// For a goodbye: a peer that does not read blocks the close frame behind its backlog. Cancelling the close does
    /// not help then, so the connection is aborted.
    /// </remarks>
    public CancellationTokenSource AbortAfter(TimeSpan timeout)
    {
        var source = new CancellationTokenSource(timeout, _services.Time);
        source.Token.Register(Abort);
        return source;
    }

    /// <summary>Ends all subscriptions; nothing is sent or dropped any more. Called before the request ends.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            CloseLocked();
            _state = SenderState.Disposed;
        }
    }

    /// <summary>As <see cref="Dispose"/>, and completes when nobody writes to the connection any more; a write that is stuck is broken off.</summary>
    /// <remarks>The server takes a connection apart when its request ends, and TLS does not bear a write that is still under way then.</remarks>
    public ValueTask EndAsync()
    {
        lock (_gate)
        {
            var finishing = _writing && _state != SenderState.Disposed ? _finishing : null;
            CloseLocked();
            if (finishing is { IsCompleted: false }) _abort();
            _state = SenderState.Disposed;
            return finishing is null ? default : new ValueTask(finishing);
        }
    }

    private static IOException Ended() => new("The connection has ended.");

    private void RunLocked()
    {
        while (_state < SenderState.Closed && TryTakeLocked(out var write))
        {
            ValueTask task;
            try
            {
                task = _output.WriteAsync(write.Bytes);
                if (task.IsCompleted)
                {
                    task.GetAwaiter().GetResult();
                    CompleteLocked(write);
                    continue;
                }
            }
            catch (Exception exception) when (exception is not OutOfMemoryException)
            {
                FailLocked(write);
                return;
            }

            _writing = true;
            _blocked = true;
            _peer.Progressed(_services.Clock.Ticks);

            // When it has finished by now, it may have begun the next write and noted that one.
            var finishing = FinishAsync(task, write);
            if (!finishing.IsCompleted) _finishing = finishing;
        }

        if (_state == SenderState.Leaving) LeaveLocked();
    }

    private async Task FinishAsync(ValueTask task, PendingWrite write)
    {
        try
        {
            await task;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            lock (_gate) FailLocked(write);
            return;
        }

        lock (_gate)
        {
            _writing = false;
            _finishing = null;
            CompleteLocked(write);
            RunLocked();
        }
    }

    private bool TryTakeLocked(out PendingWrite write)
    {
        write = default;
        if (_writing) return false;
        if (_outgoing.Take() is { } frame)
        {
            write = new PendingWrite(frame.Bytes, frame, null, 0);
            return true;
        }

        if (_outgoing.IsInMessage) return false;

        // The usual case, and the fan-out's: the less it touches, the less it misses the cache.
        if (_subscriptions.Only is { } only) return TryTakeLocked(only, out write);
        for (var i = _subscriptions.Count; i > 0; i--)
        {
            if (TryTakeLocked(_subscriptions.Next(), out write)) return true;
        }

        return false;
    }

    private bool TryTakeLocked(Subscription subscription, out PendingWrite write)
    {
        var merging = subscription.Merge && _blocked;
        switch (subscription.Take(Wire, merging, out write))
        {
            case Readiness.Ready:
                return true;
            case Readiness.InLog:
                subscription.BeginLoading();
                _ = LoadAsync(subscription, merging);
                return false;
            default:
                return false;
        }
    }

    private async Task LoadAsync(Subscription subscription, bool merging)
    {
        // Off the fan-out's thread and out of the lock: a store may take its time.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        var page = await _services.Pages.LoadAsync(subscription.Feed, Wire, subscription.Next, merging);
        lock (_gate)
        {
            var hasLeft = _state >= SenderState.Closed || subscription.FeedIndex < 0;
            subscription.EndLoading(hasLeft ? default : page);
            if (hasLeft) return;

            // The log has nothing where the feed says there is something: the session has been deleted.
            if (page is { Failed: false, Frames.IsEmpty: true }) RefuseLocked(subscription, page.Refusal ?? SessionRefusal.Deleted(subscription.Feed.SessionId));

            // Also when it failed: the other subscriptions, and the connection's end, may have waited for this page.
            if (!_writing) RunLocked();
        }
    }

    private void CompleteLocked(in PendingWrite write)
    {
        if (write.Frame is { } frame)
        {
            frame.Complete();
            if (frame.Kind == FrameKind.Close) CloseLocked();
            return;
        }

        var subscription = write.Subscription!;
        Wire.Traffic.Sent(subscription.Advance(write.Next), write.Bytes.Length);
        if (subscription.Merge && subscription.IsAtHead) _blocked = false;
        SettleLocked(subscription);
    }

    private void FailLocked(in PendingWrite write)
    {
        write.Frame?.Fail(Ended());
        CloseLocked();

        // A reset connection's other half must end too; the fan-out does not wait for that.
        ThreadPool.UnsafeQueueUserWorkItem(static sender => sender.Abort(), this, preferLocal: false);
    }

    private void SettleLocked(Subscription subscription)
    {
        // A subscription that begins behind the session's end sends nothing. It stays, so that the client is told when
        // the session is deleted. The end is asked for before the head: a head that is read after the end is final.
        if (!subscription.HasSent || !subscription.Feed.HasEnded || !subscription.IsAtHead || subscription.FeedIndex < 0) return;

        // One that goes now would be taken for one that has yet to come, and be sent the last events again. The fan-out settles it.
        if (subscription.Feed.HasArrivals) return;
        EndLocked(subscription);
    }

    private void RefuseLocked(Subscription subscription, GatewayException refusal)
    {
        TellLocked(subscription.Feed.SessionId, refusal);
        EndLocked(subscription);
    }

    private void TellLocked(string sessionId, GatewayException refusal)
    {
        var frame = new ArrayBufferWriter<byte>(256);
        Wire.WriteRefusal(SessionRefusal.Create(sessionId, refusal, _services.Time.GetUtcNow().UtcDateTime), frame);
        _outgoing.Add(frame.WrittenMemory, FrameKind.Message);
        if (OnlySession != sessionId) return;
        OnlySession = null;

        // Its close frame is queued behind what was just queued.
        if (Refused is { } refused) ThreadPool.UnsafeQueueUserWorkItem(static state => state.refused(state.refusal), (refused, refusal), preferLocal: false);
    }

    // The subscription is over; the caller goes on to send what is left.
    private void EndLocked(Subscription subscription)
    {
        RemoveLocked(subscription);
        _services.Pages.Release(subscription.Feed);
        LeaveIfDoneLocked();
    }

    private void LeaveIfDoneLocked()
    {
        if (LeavesAtEnd && _subscriptions.Count == 0 && _state == SenderState.Open) _state = SenderState.Leaving;
    }

    private void LeaveLocked()
    {
        if (_writing) return;
        foreach (var subscription in _subscriptions.All)
        {
            if (subscription.IsLoading || (!subscription.HasFailed && !subscription.IsAtHead)) return;
        }

        _state = SenderState.Left;
        if (Leaving is null) CloseLocked();
        ThreadPool.UnsafeQueueUserWorkItem(static sender => sender.SayGoodbye(), this, preferLocal: false);
    }

    private void SayGoodbye()
    {
        if (Leaving is { } leaving) leaving();
        else Abort();
    }

    private void CloseLocked()
    {
        if (_state >= SenderState.Closed) return;
        _state = SenderState.Closed;
        _wire?.Traffic.Connected(-1);
        _outgoing.Fail(Ended());
        foreach (var subscription in _subscriptions.All)
        {
            subscription.Feed.Detach(subscription);
            _services.Pages.Release(subscription.Feed);
        }

        _subscriptions.Clear();
    }

    private void AddLocked(Subscription subscription)
    {
        _subscriptions.Add(subscription);
        subscription.Feed.Attach(subscription);
        SettleLocked(subscription);
        if (!_writing) RunLocked();
    }

    private void RemoveLocked(Subscription subscription)
    {
        _subscriptions.Remove(subscription);
        subscription.Feed.Detach(subscription);
    }

    private long PositionLocked()
    {
        var sum = 0L;
        foreach (var subscription in _subscriptions.All) sum += subscription.Next;
        return sum;
    }
}
