using System.Buffers;
using Gateway.Contracts;
using Gateway.Delivery.Outputs;
using Gateway.Delivery.Wires;
using Gateway.Log;
using Gateway.Threading;

namespace Gateway.Delivery;

/// <summary>One session's events on their way to its subscribers: encoded once per wire, read at each one's own pace.</summary>
/// <remarks>
/// The session's writer publishes and goes on; the fan-out runs on the thread pool and coalesces: whatever was
/// published while it was at work, or while it gave way to work that waited, goes out in its next round, many events
/// to a write. Lock order: <see cref="AttachArrivals"/>'s lock, a sender's lock, then a feed's.
/// </remarks>
internal sealed class SessionFeed(string sessionId, WindowBudget windows, FlushTimer flush, BroadcastList broadcast, Action<SessionFeed> release) : IThreadPoolWorkItem
{
    // A round of sends takes long beside an append, so events that come together are to go out together, in one write to
    // each reader. Giving way once per four readers costs a few hundredths of the sends of the round.
    private const int ReadersPerTurn = 4;
    private const int MaxTurns = 64;

    // Few sends take no longer than a thread of the pool takes to come by.
    private const int MostInPlace = 2;
    private const int FrameCapacity = 512;
    private const int MostKeptCapacity = 64 * 1024;

    private readonly Lock _gate = new();
    private readonly Lock _attaching = new();
    private readonly List<Subscription> _subscriptions = [];
    private readonly Dictionary<Wire, WireTail> _tails = [];
    private ArrayBufferWriter<byte> _frame = new(FrameCapacity);
    private FrameSender[] _round = [];
    private int _roundCount;
    private bool _subscriptionsChanged;
    private int _leftInRound;
    private bool _holdFanOut;
    private int _scheduled;
    private PoolTurns _turns = new(isLast: true);
    private long _head;
    private bool _ended;
    private bool _deleted;
    private long _appendedAt;
    private long _lastArrived;
    private List<Arrivals>? _arrivals;
    private int _arrivalCount;
    private IReadOnlyList<Subscription> _ofDeleted = [];

    /// <summary>The session.</summary>
    public string SessionId { get; } = sessionId;

    /// <summary>Seq of the last published event, as far as this feed knows; 0 before the first.</summary>
    public long Head => Volatile.Read(ref _head);

    /// <summary>Whether events have been published here: the session runs in this process.</summary>
    public bool IsLive { get; private set; }

    /// <summary>Whether the session's last event has been published; <see cref="Head"/>, when read after it, is then final.</summary>
    public bool HasEnded => Volatile.Read(ref _ended);

    /// <summary>Whether the session has been deleted; whatever has its id now is another one.</summary>
    public bool IsDeleted => Volatile.Read(ref _deleted);

    /// <summary>Users that keep it from being dropped; guarded by the registry's lock.</summary>
    public int Pins { get; set; }

    /// <summary>Number of subscriptions.</summary>
    public int SubscriptionCount
    {
        get
        {
            lock (_gate) return _subscriptions.Count;
        }
    }

    /// <summary>Whether members of the broadcast have yet to be subscribed.</summary>
    public bool HasArrivals => Volatile.Read(ref _arrivalCount) > 0;

    /// <summary>Adds an event that has been committed.</summary>
    public void Append(LoggedEvent logged)
    {
        lock (_gate)
        {
            if (_lastArrived != broadcast.Last) NoteArrivalsLocked(logged.Seq);
            if (_tails.Count > 0) EncodeLocked(logged);
            if (_appendedAt == 0) _appendedAt = flush.Start();
            Volatile.Write(ref _head, logged.Seq);

            // After the head: a reader that sees the end must not take an older head for the last event.
            if (logged.Event is SessionEvent<ExecutionCompleted>) Volatile.Write(ref _ended, true);
        }

        if (!_holdFanOut) ScheduleFanOut();
    }

    /// <summary>Notes that the session's writer is in this process, and how far it has published; from now on only it says more.</summary>
    /// <remarks>A reader that knows more from the log waits until that is published, so nothing is sent to it twice.</remarks>
    public void GoLive(long lastSeq)
    {
        lock (_gate)
        {
            Volatile.Write(ref _ended, false);
            Volatile.Write(ref _head, lastSeq);
            IsLive = true;
        }
    }

    /// <summary>Lets the events of one batch go out together; used by the one writer around its appends.</summary>
    public void BeginBatch() => _holdFanOut = true;

    /// <summary>Ends a batch and starts the fan-out; to very few readers it is sent here.</summary>
    /// <remarks>The caller holds no lock. Nothing here waits for a reader: a send that finds no room goes on by itself.</remarks>
    public void EndBatch()
    {
        _holdFanOut = false;
        if (Interlocked.Exchange(ref _scheduled, 2) == 0 && !TrySendHere()) _turns.Queue(this);
    }

    /// <summary>Learns from the log how far the session is; never goes back.</summary>
    /// <remarks>
    /// The log is ahead of a writer that has yet to publish what it committed. A reader that took the log's end for the
    /// feed's would leave before the last events are published, or be sent them a second time.
    /// </remarks>
    public void Advance(long lastSeq, bool ended)
    {
        lock (_gate)
        {
            if (IsLive) return;
            if (lastSeq > _head) Volatile.Write(ref _head, lastSeq);
            if (ended) Volatile.Write(ref _ended, true);
        }
    }

    /// <summary>Notes that the session has been deleted; returns the subscriptions that have to be told.</summary>
    public IReadOnlyList<Subscription> MarkDeleted()
    {
        lock (_gate)
        {
            Volatile.Write(ref _deleted, true);
            return [.. _subscriptions];
        }
    }

    /// <summary>Takes the place of a deleted session's feed: who was subscribed to that one is told before any event of this one.</summary>
    public void TellOfDeletion(IReadOnlyList<Subscription> subscriptions)
    {
        lock (_gate) _ofDeleted = [.. _ofDeleted, .. subscriptions];
    }

    /// <summary>Adds a subscription.</summary>
    public void Attach(Subscription subscription)
    {
        lock (_gate)
        {
            subscription.FeedIndex = _subscriptions.Count;
            _subscriptions.Add(subscription);
            _subscriptionsChanged = true;
            JoinTailLocked(subscription.Owner.Wire);
        }
    }

    /// <summary>Subscribes the members of the broadcast that had come when one of the last events did, and were not subscribed yet.</summary>
    /// <remarks>Not on the writer's thread: it writes to their sockets. Who returns from here finds them subscribed, whoever did it.</remarks>
    public void AttachArrivals()
    {
        if (!HasArrivals) return;
        lock (_attaching)
        {
            List<Arrivals> arrivals;
            lock (_gate)
            {
                arrivals = _arrivals ?? [];
                _arrivals = null;
            }

            foreach (var (after, upTo, next, _) in arrivals)
            {
                foreach (var member in broadcast.Between(after, upTo)) member.Attach(this, next);
            }

            lock (_gate)
            {
                foreach (var wire in arrivals.SelectMany(a => a.Wires)) LeaveTailLocked(wire);
                Volatile.Write(ref _arrivalCount, _arrivalCount - arrivals.Count);
            }
        }

        release(this);
    }

    /// <summary>As <see cref="AttachArrivals"/>, and also those for whom no event has come yet.</summary>
    /// <remarks>For a member that asks for something of its subscription, which a silent session does not have yet.</remarks>
    public void AttachAll()
    {
        lock (_gate)
        {
            if (IsLive && !_ended && _lastArrived != broadcast.Last) NoteArrivalsLocked(_head + 1);
        }

        AttachArrivals();
    }

    /// <summary>Removes a subscription; a second call does nothing.</summary>
    public void Detach(Subscription subscription)
    {
        // A round refers to readers that have left until the next round is copied. When more of them have left than have
        // stayed, a round is run for that alone, so that they are not kept in memory until an event comes.
        if (DetachAndCount(subscription)) ScheduleFanOut();
    }

    private bool DetachAndCount(Subscription subscription)
    {
        lock (_gate)
        {
            var index = subscription.FeedIndex;
            if (index < 0) return false;
            subscription.FeedIndex = -1;
            var last = _subscriptions[^1];
            _subscriptions.RemoveAt(_subscriptions.Count - 1);
            if (last != subscription)
            {
                _subscriptions[index] = last;
                last.FeedIndex = index;
            }

            _subscriptionsChanged = true;
            LeaveTailLocked(subscription.Owner.Wire);
            return ++_leftInRound > _subscriptions.Count && _roundCount > 0;
        }
    }

    /// <summary>Everything from an event on that fits one write.</summary>
    /// <returns>False when the event has left the window, and is to be read from the log.</returns>
    public bool TryRead(Wire wire, long seq, out ReadOnlyMemory<byte> frames, out long next)
    {
        lock (_gate) return _tails[wire].TryRead(seq, out frames, out next);
    }

    /// <summary>A round, and another one later if something has come meanwhile.</summary>
    void IThreadPoolWorkItem.Execute()
    {
        if (!_turns.TryGive(this, Math.Min(MaxTurns, _roundCount / ReadersPerTurn))) Run();
    }

    // The writer's own thread sends where that is a send or two and nothing else: to connections that watch this session
    // alone and that no other thread is at work for. All that is seldom is left to a round of the pool: those that come, leave
    // or belong to a deleted session, the end, and a send that fails for want of memory.
    private bool TrySendHere()
    {
        long appendedAt;
        lock (_gate)
        {
            if (_subscriptions.Count > MostInPlace || _subscriptionsChanged || _ended || _arrivalCount > 0 || _ofDeleted.Count > 0) return false;
            appendedAt = _appendedAt;
        }

        // Whoever schedules a round from here on gets one more.
        Volatile.Write(ref _scheduled, 1);
        try
        {
            for (var i = 0; i < _roundCount; i++)
            {
                if (!_round[i].TryWake()) return false;
            }
        }
        catch (OutOfMemoryException)
        {
            return false;
        }

        lock (_gate) _appendedAt = 0;
        flush.Stop(appendedAt);
        return Interlocked.CompareExchange(ref _scheduled, 0, 1) == 1;
    }

    private void Run()
    {
        Volatile.Write(ref _scheduled, 1);
        FanOut();
        if (Interlocked.CompareExchange(ref _scheduled, 0, 1) != 1) _turns.Queue(this);
    }

    private void FanOut()
    {
        TellOfDeletion();
        AttachArrivals();

        long appendedAt;
        lock (_gate)
        {
            if (_subscriptionsChanged) CopyRoundLocked();
            appendedAt = _appendedAt;
            _appendedAt = 0;
        }

        var round = _round.AsSpan(0, _roundCount);
        for (var i = 0; i < round.Length; i++)
        {
            if (i + 3 < round.Length) Prefetch.Object(round[i + 3], lines: 3);
            if (i + 2 < round.Length) round[i + 2].PrefetchParts();
            if (i + 1 < round.Length) round[i + 1].PrefetchOutput();
            round[i].Wake();
        }

        // Some had read the end from the log before it was published; nothing more is sent to them.
        if (HasEnded)
        {
            foreach (var sender in round) sender.Settle(this);
        }

        flush.Stop(appendedAt);
    }

    private void ScheduleFanOut()
    {
        // 0: none at work; 1: at work; 2: at work and to go round once more.
        if (Interlocked.Exchange(ref _scheduled, 2) == 0) _turns.Queue(this);
    }

    private void TellOfDeletion()
    {
        if (_ofDeleted.Count == 0) return;
        IReadOnlyList<Subscription> subscriptions;
        lock (_gate)
        {
            subscriptions = _ofDeleted;
            _ofDeleted = [];
        }

        foreach (var subscription in subscriptions) subscription.Owner.Refuse(subscription, SessionRefusal.Deleted(SessionId));
    }

    // The frames are kept from this event on, so that those who are subscribed in a moment find it in the window.
    private void NoteArrivalsLocked(long next)
    {
        var last = broadcast.Last;
        if (broadcast.Count > 0)
        {
            var wires = broadcast.Wires;
            foreach (var wire in wires) JoinTailLocked(wire);
            (_arrivals ??= []).Add(new Arrivals(_lastArrived, last, next, wires));
            Volatile.Write(ref _arrivalCount, _arrivalCount + 1);
        }

        _lastArrived = last;
    }

    private void JoinTailLocked(Wire wire)
    {
        if (!_tails.TryGetValue(wire, out var tail))
        {
            _tails.Add(wire, tail = new WireTail(_head + 1, windows));
            windows.Count(1);
        }

        tail.Subscribers++;
    }

    private void LeaveTailLocked(Wire wire)
    {
        if (--_tails[wire].Subscribers > 0) return;
        _tails.Remove(wire);
        windows.Count(-1);
    }

    private void CopyRoundLocked()
    {
        var count = _subscriptions.Count;
        if (_round.Length < count || _round.Length > (4 * count) + 16) _round = new FrameSender[count + (count / 2)];
        for (var i = 0; i < count; i++) _round[i] = _subscriptions[i].Owner;
        if (_roundCount > count) Array.Clear(_round, count, Math.Min(_round.Length, _roundCount) - count);
        _roundCount = _subscriptions.Count;
        _leftInRound = 0;
        _subscriptionsChanged = false;
    }

    private void EncodeLocked(LoggedEvent logged)
    {
        foreach (var (wire, tail) in _tails)
        {
            _frame.ResetWrittenCount();
            wire.Write(logged, _frame);
            tail.Append(logged.Seq, _frame.WrittenSpan);
        }

        // One large event must not stay with its session for good.
        if (_frame.Capacity > MostKeptCapacity) _frame = new ArrayBufferWriter<byte>(FrameCapacity);
    }
}
