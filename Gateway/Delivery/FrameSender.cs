using System.Buffers;
using Gateway.Delivery.Outputs;
using Gateway.Delivery.Wires;
using Gateway.Refusals;

namespace Gateway.Delivery;

/// <summary>The one writer of a client connection: interleaves its own replies with its subscriptions, a whole frame at a time.</summary>
/// <remarks>
/// Nobody waits for it: a fan-out that finds it writing goes on to the next, and whoever ends the write looks
/// for more. A reader that is behind costs its cursor and at most one page of the log.
/// </remarks>
public sealed class FrameSender : IDisposable
{
    private readonly Lock _gate = new();
    private readonly FrameOutput _output;
    private readonly LogPages _pages;
    private readonly Action _abort;
    private readonly DeliveryClock _clock;
    private readonly TimeProvider _time;
    private Queue<ControlWrite>? _control;
    private Subscription[] _subscriptions = [];
    private Subscription? _only;
    private Task? _finishing;
    private int _turn;
    private bool _writing;
    private bool _blocked;
    private bool _closed;
    private bool _leaving;
    private bool _inMessage;
    private bool _disposed;
    private readonly bool _pings;
    private long _pingedAt;
    private long _waitingSince;
    private ulong _pingEnd;
    private long _progressAt;
    private ulong _taken;

    internal FrameSender(FrameOutput output, Wire wire, LogPages pages, DeliveryClock clock, TimeProvider time, Action abort, bool pings)
    {
        _time = time;
        _pings = pings;
        HeardAt = clock.Ticks;
        wire.Traffic.Connected(1);
        _output = output;
        _output.Progress = () => _progressAt = _clock!.Ticks;
        _pages = pages;
        _clock = clock;
        _abort = abort;
        Wire = wire;
    }

    /// <summary>The wire its events are encoded for.</summary>
    public Wire Wire { get; private set; }

    /// <summary>Where it stands in the registry's list; -1 when it has left. Guarded by the registry's lock.</summary>
    internal int RegistryIndex { get; set; } = -1;

    /// <summary>Ends the connection in its protocol's own way when it is to leave; without it, it is dropped.</summary>
    internal Action? Leaving { get; set; }

    /// <summary>The session the connection's address names; the connection ends with it. Null when it names none.</summary>
    internal string? OnlySession { get; set; }

    /// <summary>Ends the connection in its protocol's own way once it has been told why <see cref="OnlySession"/> goes no further.</summary>
    internal Action<GatewayException>? Refused { get; set; }

    /// <summary>Turns a fresh connection over to a hub protocol, whose clients ping by themselves, or are pinged as others are.</summary>
    internal void UseWire(Wire wire)
    {
        lock (_gate)
        {
            // One that has ended meanwhile is counted no more.
            if (!_closed)
            {
                Wire.Traffic.Connected(-1);
                wire.Traffic.Connected(1);
            }

            Wire = wire;
        }
    }

    /// <summary>The tick at which the client was last heard.</summary>
    public long HeardAt { get; private set; }

    /// <summary>Notes that the client has sent something.</summary>
    public void Heard() => HeardAt = _clock.Ticks;

    /// <summary>Looks at the connection at a tick: pings it when it is silent, retries what could not be read.</summary>
    /// <param name="now">The tick.</param>
    /// <param name="stall">Ticks without progress after which a write is stuck.</param>
    /// <param name="ping">Ticks of silence after which it is pinged.</param>
    /// <param name="answer">Ticks that the answer may take.</param>
    internal ConnectionHealth Check(long now, long stall, long ping, long answer)
    {
        lock (_gate)
        {
            if (_closed) return ConnectionHealth.Fine;
            if (_writing)
            {
                if (_output.Peer.Taken is var taken && taken != _taken)
                {
                    _taken = taken;
                    _progressAt = now;
                }

                if (now - _progressAt >= stall) return ConnectionHealth.Stalled;
            }

            foreach (var subscription in _subscriptions) subscription.LoadFailed = false;
            if (_pings && IsVanishedLocked(now, ping, answer)) return ConnectionHealth.Vanished;
            if (!_writing) RunLocked();
            return ConnectionHealth.Fine;
        }
    }

    /// <summary>How it is named in logs.</summary>
    internal string Describe()
    {
        lock (_gate) return $"a {Wire.Traffic.Name} connection with {_subscriptions.Length} subscription(s)" + (_subscriptions.Length > 0 ? $" to {_subscriptions[0].Feed.SessionId} at seq {_subscriptions[0].Next - 1}" : string.Empty);
    }

    /// <summary>How many events each subscription is behind.</summary>
    internal IReadOnlyList<long> Lags()
    {
        lock (_gate) return [.. _subscriptions.Select(s => Math.Max(0, s.Feed.Head - s.Next + 1))];
    }

    /// <summary>Number of subscriptions.</summary>
    internal int SubscriptionCount
    {
        get
        {
            lock (_gate) return _subscriptions.Length;
        }
    }

    /// <summary>Number of subscriptions the client asked for.</summary>
    internal int AskedCount
    {
        get
        {
            lock (_gate) return _subscriptions.Count(s => s.Asked);
        }
    }

    /// <summary>Sends a frame of the connection's own, ahead of any backlog; completes when the system has taken it.</summary>
    /// <exception cref="IOException">The connection has ended.</exception>
    public ValueTask SendAsync(ReadOnlyMemory<byte> frame)
    {
        lock (_gate)
        {
            if (_closed) return ValueTask.FromException(Ended());
            var control = new ControlWrite(frame);
            (_control ??= new Queue<ControlWrite>(1)).Enqueue(control);
            if (!_writing) RunLocked();
            return control.IsWritten ? default : new ValueTask(control.Task);
        }
    }

    /// <summary>Looks for something to send; returns at once.</summary>
    internal void Wake()
    {
        lock (_gate)
        {
            if (!_writing && !_closed) RunLocked();
        }
    }

    /// <summary>Ends the subscription to a session that has ended, if its end has been sent.</summary>
    internal void Settle(SessionFeed feed)
    {
        lock (_gate)
        {
            if (FindLocked(feed.SessionId) is { } subscription && subscription.Feed == feed) SettleLocked(subscription);
        }
    }

    /// <summary>Fetches what a wake-up will touch; the sender itself is in the cache.</summary>
    internal void PrefetchParts()
    {
        Prefetch.Object(_gate);
        Prefetch.Object(_output);
        Prefetch.Object(_only, lines: 2);
    }

    /// <summary>Fetches what a write will touch; the output itself is in the cache.</summary>
    internal void PrefetchOutput() => _output.PrefetchTarget();

    /// <summary>Adds a subscription, or moves the one to the same session.</summary>
    /// <returns>False when the connection has ended.</returns>
    internal bool Add(SessionFeed feed, long next, bool merge, bool asked = false)
    {
        lock (_gate)
        {
            if (_closed) return false;
            if (FindLocked(feed.SessionId) is { } old) RemoveLocked(old);
            AddLocked(new Subscription(feed, this, next, merge, asked));
            return true;
        }
    }

    /// <summary>Adds a subscription to a session it is not subscribed to.</summary>
    internal void AddIfNew(SessionFeed feed, long next)
    {
        lock (_gate)
        {
            if (!_closed && FindLocked(feed.SessionId) is null) AddLocked(new Subscription(feed, this, next, merge: false, asked: false));
        }
    }

    /// <summary>Goes on with a subscription that was removed, unless there is another one to its session by now.</summary>
    internal void Restore(Subscription subscription)
    {
        lock (_gate)
        {
            if (_closed || FindLocked(subscription.Feed.SessionId) is not null) return;
            AddLocked(subscription);

            // Told to those that were subscribed when it happened, and not to this one.
            if (subscription.Feed.IsGone) RefuseLocked(subscription, RefusalFrame.Deleted(subscription.Feed.SessionId));
            if (!_writing) RunLocked();
        }
    }

    /// <summary>Whether it is subscribed to a session.</summary>
    internal bool Has(string sessionId)
    {
        lock (_gate) return FindLocked(sessionId) is not null;
    }

    /// <summary>Ends a subscription and returns it; null when there was none.</summary>
    internal Subscription? Remove(string sessionId)
    {
        lock (_gate)
        {
            if (FindLocked(sessionId) is not { } subscription) return null;
            RemoveLocked(subscription);
            return subscription;
        }
    }

    /// <summary>Ends a subscription that cannot go on, and tells the client why.</summary>
    internal void Refuse(Subscription subscription, GatewayException refusal)
    {
        lock (_gate)
        {
            if (_closed || !_subscriptions.Contains(subscription)) return;
            RefuseLocked(subscription, refusal);
            if (!_writing) RunLocked();
        }
    }

    /// <summary>Tells a client that has read all of <see cref="OnlySession"/> that there is no such session any more.</summary>
    internal void RefuseOnly(string sessionId, GatewayException refusal)
    {
        lock (_gate)
        {
            if (_closed || OnlySession != sessionId) return;
            TellLocked(sessionId, refusal);
            if (!_writing) RunLocked();
        }
    }

    /// <summary>The feeds it is subscribed to.</summary>
    internal IReadOnlyList<SessionFeed> Feeds()
    {
        lock (_gate) return [.. _subscriptions.Select(s => s.Feed)];
    }

    /// <summary>Ends the connection once it has been sent everything there is.</summary>
    internal void Leave()
    {
        lock (_gate)
        {
            if (_closed) return;
            _leaving = true;
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
            if (!_disposed) _abort();
        }
    }

    /// <summary>Ends all subscriptions; nothing is sent or dropped any more. Called before the request ends.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            CloseLocked();
            _disposed = true;
        }
    }

    /// <summary>As <see cref="Dispose"/>, and completes when nobody writes to the connection any more; a write that is stuck is broken off.</summary>
    /// <remarks>The server takes a connection apart when its request ends, and TLS does not bear a write that is still under way then.</remarks>
    internal ValueTask EndAsync()
    {
        lock (_gate)
        {
            var finishing = _writing && !_disposed ? _finishing : null;
            CloseLocked();
            if (finishing is { IsCompleted: false }) _abort();
            _disposed = true;
            return finishing is null ? default : new ValueTask(finishing);
        }
    }

    // The time to answer begins when the ping can have arrived: it is written behind what is being written, and waits in
    // the system behind what a slow peer has not taken yet. What the peer takes of that shows that it is there.
    private bool IsVanishedLocked(long now, long ping, long answer)
    {
        if (_pingedAt <= HeardAt)
        {
            if (now - HeardAt < ping) return false;
            (_pingedAt, _waitingSince, _pingEnd) = (now, now, 0);
            (_control ??= new Queue<ControlWrite>(1)).Enqueue(new ControlWrite(WebSocketFrame.Ping));
            return false;
        }

        if (_writing)
        {
            (_waitingSince, _pingEnd) = (now, 0);
            return false;
        }

        if (_pingEnd == 0) (_pingEnd, _taken) = _output.Peer;
        else if (_taken < _pingEnd && _output.Peer.Taken is var taken && taken != _taken) (_taken, _waitingSince) = (taken, now);
        return now - _waitingSince >= answer;
    }

    private static IOException Ended() => new("The connection has ended.");

    private void RunLocked()
    {
        while (!_closed && TryTakeLocked(out var write))
        {
            ValueTask task;
            try
            {
                task = _output.WriteAsync(write.Frames);
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
            _progressAt = _clock.Ticks;

            // One that has finished meanwhile may have begun the next, and noted it.
            var finishing = FinishAsync(task, write);
            if (!finishing.IsCompleted) _finishing = finishing;
        }

        if (_leaving) LeaveLocked();
    }

    private void LeaveLocked()
    {
        if (_closed || _writing || _subscriptions.Any(s => s.Loading || (!s.LoadFailed && s.Next <= s.Feed.Head))) return;
        _leaving = false;
        if (Leaving is null) CloseLocked();
        ThreadPool.UnsafeQueueUserWorkItem(static sender => sender.End(), this, preferLocal: false);
    }

    private void End()
    {
        if (Leaving is { } leaving) leaving();
        else Abort();
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
        if (_control is not null && _control.TryDequeue(out var control))
        {
            write = new PendingWrite(control.Frame, control, null, 0);
            _inMessage = WebSocketFrame.LeavesMessageOpen(control.Frame.Span, _inMessage);
            return true;
        }

        // SignalR sends a long message in fragments: nothing but control frames may come between them.
        if (_inMessage) return false;

        // The usual case, and the fan-out's: the less it touches, the less it misses the cache.
        if (_only is { } only) return TryTakeLocked(only, out write);
        for (var i = 0; i < _subscriptions.Length; i++)
        {
            _turn = (_turn + 1) % _subscriptions.Length;
            if (TryTakeLocked(_subscriptions[_turn], out write)) return true;
        }

        return false;
    }

    private bool TryTakeLocked(Subscription subscription, out PendingWrite write)
    {
        write = default;
        if (subscription.Loading || subscription.LoadFailed) return false;
        if (!subscription.Page.IsEmpty)
        {
            write = new PendingWrite(subscription.Page, null, subscription, subscription.PageNext);
            return true;
        }

        if (subscription.Next > subscription.Feed.Head) return false;
        var merging = subscription.Merge && _blocked;
        if (!merging && subscription.Feed.TryRead(Wire, subscription.Next, out var frames, out var next))
        {
            write = new PendingWrite(frames, null, subscription, next);
            return true;
        }

        subscription.Loading = true;
        _ = LoadAsync(subscription, merging);
        return false;
    }

    private async Task LoadAsync(Subscription subscription, bool merging)
    {
        // Off the fan-out's thread and out of the lock: a store may take its time.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        var page = await _pages.LoadAsync(subscription.Feed, Wire, subscription.Next, merging);
        lock (_gate)
        {
            subscription.Loading = false;
            if (_closed || subscription.FeedIndex < 0) return;
            if (page.Failed)
            {
                subscription.LoadFailed = true;

                // It waits for the next look; the rest of the connection may have waited for this page.
                if (!_writing) RunLocked();
                return;
            }

            if (page.Frames.IsEmpty)
            {
                // The log has nothing where the feed says there is something: the session has been deleted.
                RefuseLocked(subscription, page.Refusal ?? RefusalFrame.Deleted(subscription.Feed.SessionId));
                if (!_writing) RunLocked();
                return;
            }

            subscription.Page = page.Frames;
            subscription.PageNext = page.Next;
            if (!_writing) RunLocked();
        }
    }

    private void CompleteLocked(PendingWrite write)
    {
        if (write.Control is { } control)
        {
            control.Complete();
            if (WebSocketFrame.IsClose(control.Frame.Span)) CloseLocked();
            return;
        }

        var subscription = write.Subscription!;
        if (!subscription.Page.IsEmpty && write.Frames.Equals(subscription.Page)) subscription.Page = default;
        Wire.Traffic.Sent(write.Next - subscription.Next, write.Frames.Length);
        subscription.Next = write.Next;
        subscription.HasSent = true;
        if (subscription.Merge && subscription.Next > subscription.Feed.Head) _blocked = false;
        SettleLocked(subscription);
    }

    private void SettleLocked(Subscription subscription)
    {
        // One that was asked for behind the end has sent nothing; it stays, to be told when the session is deleted.
        // The end first: the head that is read after it is final.
        if (!subscription.HasSent || !subscription.Feed.HasEnded || subscription.Next <= subscription.Feed.Head || subscription.FeedIndex < 0) return;
        RemoveLocked(subscription);
        _pages.Release(subscription.Feed);
    }

    private void RefuseLocked(Subscription subscription, GatewayException refusal)
    {
        RemoveLocked(subscription);
        _pages.Release(subscription.Feed);
        TellLocked(subscription.Feed.SessionId, refusal);
    }

    private void TellLocked(string sessionId, GatewayException refusal)
    {
        var message = new ArrayBufferWriter<byte>(256);
        Wire.EncodeRefusal(RefusalFrame.Create(sessionId, refusal, _time.GetUtcNow().UtcDateTime), message);
        (_control ??= new Queue<ControlWrite>(1)).Enqueue(new ControlWrite(WebSocketFrame.Create(Wire.MessageType, message.WrittenSpan)));
        if (OnlySession != sessionId) return;
        OnlySession = null;
        // Its close frame is queued behind what was just queued.
        if (Refused is { } refused) ThreadPool.UnsafeQueueUserWorkItem(static state => state.refused(state.refusal), (refused, refusal), preferLocal: false);
    }

    private void FailLocked(PendingWrite write)
    {
        write.Control?.Fail(Ended());
        CloseLocked();
        // A reset connection's other half must end too; the fan-out does not wait for that.
        ThreadPool.UnsafeQueueUserWorkItem(static sender => sender.Abort(), this, preferLocal: false);
    }

    private void CloseLocked()
    {
        if (_closed) return;
        _closed = true;
        Wire.Traffic.Connected(-1);
        while (_control is not null && _control.TryDequeue(out var control)) control.Fail(Ended());
        foreach (var subscription in _subscriptions)
        {
            subscription.Feed.Detach(subscription);
            _pages.Release(subscription.Feed);
        }

        SetLocked([]);
    }

    private void SetLocked(Subscription[] subscriptions)
    {
        _subscriptions = subscriptions;
        _only = subscriptions.Length == 1 ? subscriptions[0] : null;
    }

    private void AddLocked(Subscription subscription)
    {
        SetLocked([.. _subscriptions, subscription]);
        subscription.Feed.Attach(subscription);
        SettleLocked(subscription);
        if (!_writing) RunLocked();
    }

    private Subscription? FindLocked(string sessionId)
    {
        foreach (var subscription in _subscriptions)
        {
            if (subscription.Feed.SessionId == sessionId) return subscription;
        }

        return null;
    }

    private void RemoveLocked(Subscription subscription)
    {
        SetLocked([.. _subscriptions.Where(s => s != subscription)]);
        subscription.Feed.Detach(subscription);
    }

    private readonly record struct PendingWrite(ReadOnlyMemory<byte> Frames, ControlWrite? Control, Subscription? Subscription, long Next);
}
