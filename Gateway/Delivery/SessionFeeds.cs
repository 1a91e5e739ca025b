using System.Collections.Concurrent;
using Gateway.Admission;
using Gateway.Contracts;
using Gateway.Delivery.Outputs;
using Gateway.Delivery.Wires;
using Gateway.Log;
using Gateway.Refusals;
using Gateway.Telemetry;
using Microsoft.Extensions.Options;

namespace Gateway.Delivery;

/// <summary>The feeds of all sessions that are written or watched here.</summary>
/// <remarks>Lock order: a sender's lock, this registry's, a feed's. A sender is never called under the registry's lock.</remarks>
public sealed class SessionFeeds : ISessionReaders
{
    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<string, SessionFeed> _feeds = new(StringComparer.Ordinal);
    private readonly HashSet<FrameSender> _broadcast = [];
    private readonly HashSet<BroadcastStart> _starting = [];
    private readonly ISessionLog _log;
    private readonly DeliveryClock _clock;
    private readonly DeliveryOptions _options;
    private readonly LogPages _pages;
    private readonly ConnectionRegistry _connections;
    private readonly FlushTimer _flush;
    private readonly ClientLimits _limits;
    private readonly TimeProvider _time;

    /// <summary>Creates the registry.</summary>
    internal SessionFeeds(
        ISessionLog log, DeliveryClock clock, ConnectionRegistry connections, GatewayMetrics metrics, ClientLimits limits, TimeProvider time, IOptions<DeliveryOptions> options, ILoggerFactory loggers)
    {
        _limits = limits;
        _time = time;
        _connections = connections;
        _flush = new FlushTimer(metrics, time);
        _log = log;
        _clock = clock;
        _options = options.Value;
        _pages = new LogPages(log, Release, loggers.CreateLogger<LogPages>());
    }

    /// <summary>The kinds of connections there are.</summary>
    public WireSet Wires { get; } = new();

    /// <summary>What has been sent, per wire.</summary>
    public IEnumerable<WireTraffic> Traffic => Wires.All.Select(w => w.Traffic);

    /// <summary>Seq of the last event of a session that is written or watched; 0 of another one.</summary>
    public long HeadOf(string sessionId) => _feeds.TryGetValue(sessionId, out var feed) ? feed.Head : 0;

    /// <summary>Number of sessions with a feed.</summary>
    public int Count => _feeds.Count;

    /// <summary>Makes the sending side of a new connection.</summary>
    /// <param name="output">Takes the bytes.</param>
    /// <param name="wire">How its events are encoded.</param>
    /// <param name="abort">Drops the connection without a closing handshake.</param>
    /// <param name="pings">Whether it is to be pinged when it is silent; false where the transport does that itself.</param>
    public FrameSender CreateSender(FrameOutput output, Wire wire, Action abort, bool pings = false)
    {
        var sender = new FrameSender(output, wire, _pages, _clock, _time, abort, pings);
        _connections.Add(sender);
        return sender;
    }

    /// <summary>Sends a session's events after <paramref name="afterSeq"/>, stored ones and then live ones.</summary>
    /// <exception cref="GatewayException"><c>unknown_session</c>; <c>seq_out_of_range</c>: negative, or beyond the last event.</exception>
    public async Task SubscribeAsync(FrameSender sender, string sessionId, long afterSeq, bool merge, CancellationToken cancellationToken)
    {
        if (!sender.Has(sessionId)) RequireRoom(sender);
        var feed = await PinAsync(sessionId, afterSeq, cancellationToken);
        sender.Add(feed, afterSeq + 1, merge, asked: true);
        Unpin(feed);
        if (!feed.IsGone) return;

        // Deleted before it was seen to have one more subscription to tell.
        Unsubscribe(sender, sessionId);
        throw RefusalFrame.Deleted(sessionId);
    }

    /// <summary>Checks that a connection may have one more subscription.</summary>
    /// <exception cref="GatewayException"><c>limit_exceeded</c>.</exception>
    public void RequireRoom(FrameSender sender) => _limits.RequireSubscription(sender.AskedCount);

    /// <summary>Subscribes the starter of a session from its first event, unless it watches already.</summary>
    public Task SubscribeIfNewAsync(FrameSender sender, string sessionId, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_broadcast.Contains(sender)) return Task.CompletedTask;
        }

        return sender.Has(sessionId) ? Task.CompletedTask : SubscribeAsync(sender, sessionId, 0, merge: false, cancellationToken);
    }

    /// <summary>Ends a subscription; returns false when there was none.</summary>
    public bool Unsubscribe(FrameSender sender, string sessionId)
    {
        if (sender.Remove(sessionId) is not { } subscription) return false;
        Release(subscription.Feed);
        return true;
    }

    /// <summary>Holds a subscription still while a snapshot of its session is taken, which is then ahead of all that was sent; null when there is none.</summary>
    public SuspendedSubscription? Suspend(FrameSender sender, string? sessionId)
    {
        SessionFeed? feed;
        lock (_gate)
        {
            if (sessionId is null || !_feeds.TryGetValue(sessionId, out feed)) return null;
            feed.Pins++;
        }

        if (sender.Remove(feed.SessionId) is { } subscription)
        {
            // A feed that was dropped meanwhile, and made anew, is another one.
            if (subscription.Feed == feed) return new SuspendedSubscription(this, subscription);
            Release(subscription.Feed);
        }

        Unpin(feed);
        return null;
    }

    /// <summary>Notes for a connection that is about to be accepted where the live events of every session begin.</summary>
    public BroadcastStart BeginBroadcast()
    {
        var start = new BroadcastStart(this);
        lock (_gate)
        {
            _starting.Add(start);
            foreach (var feed in _feeds.Values.Where(f => f is { IsLive: true, HasEnded: false })) PinLocked(start, feed, feed.Head + 1);
        }

        return start;
    }

    /// <summary>Sends the live events of every session, from the noted start on.</summary>
    public void SubscribeToAll(FrameSender sender, BroadcastStart start)
    {
        lock (_gate)
        {
            _broadcast.Add(sender);
            _starting.Remove(start);
        }

        // Nobody adds to it any more.
        foreach (var (feed, next) in start.Places)
        {
            sender.AddIfNew(feed, next);
        }

        End(start);
    }

    /// <inheritdoc/>
    public void Vanish(IReadOnlyCollection<string> sessionIds)
    {
        var gone = new HashSet<string>(sessionIds, StringComparer.Ordinal);
        foreach (var sessionId in gone)
        {
            SessionFeed? feed;
            lock (_gate) _feeds.TryRemove(sessionId, out feed);
            foreach (var subscription in feed?.Vanish() ?? []) subscription.Owner.Refuse(subscription, RefusalFrame.Deleted(sessionId));
        }

        // Who has read all of it has no subscription any more, but may be connected for nothing else.
        foreach (var sender in _connections.Snapshot())
        {
            if (sender.OnlySession is { } only && gone.Contains(only)) sender.RefuseOnly(only, RefusalFrame.Deleted(only));
        }
    }

    internal void End(BroadcastStart start)
    {
        lock (_gate)
        {
            _starting.Remove(start);
            foreach (var feed in start.Places.Keys)
            {
                feed.Pins--;
                ReleaseLocked(feed);
            }

            start.Places.Clear();
        }
    }

    /// <summary>Ends all subscriptions of a connection that may still have something of its own to send.</summary>
    public void UnsubscribeAll(FrameSender sender)
    {
        lock (_gate) _broadcast.Remove(sender);
        foreach (var feed in sender.Feeds()) Unsubscribe(sender, feed.SessionId);
    }

    /// <summary>Ends all subscriptions of a connection, and its sending side.</summary>
    public void Remove(FrameSender sender)
    {
        lock (_gate) _broadcast.Remove(sender);
        sender.Dispose();
        _connections.Remove(sender);
    }

    /// <summary>As <see cref="Remove"/>, and completes when nobody writes to the connection any more.</summary>
    public async ValueTask RemoveAsync(FrameSender sender)
    {
        lock (_gate) _broadcast.Remove(sender);
        _connections.Remove(sender);
        await sender.EndAsync();
    }

    /// <summary>The feed that a session's writer publishes to, from an event on.</summary>
    internal SessionFeed ForWriter(string sessionId, long firstSeq)
    {
        if (_feeds.TryGetValue(sessionId, out var feed) && feed is { IsLive: true, HasEnded: false }) return feed;

        // A session that had ended begins: the one with its id has been deleted, and this one is another.
        if (firstSeq == 1 && feed is { IsLive: true, HasEnded: true }) Vanish([sessionId]);

        List<FrameSender> watchers;
        lock (_gate)
        {
            feed = GetOrAddLocked(sessionId);

            // Before it is seen to be live: one that joins now takes what follows the head for the live events.
            feed.GoLive(firstSeq - 1);
            watchers = [.. _broadcast];
            foreach (var start in _starting) PinLocked(start, feed, firstSeq);
        }

        foreach (var sender in watchers)
        {
            sender.AddIfNew(feed, firstSeq);
        }

        return feed;
    }

    /// <summary>Drops the feed of a session whose writer has stopped without an end; readers keep it alive.</summary>
    internal void Release(SessionFeed feed)
    {
        lock (_gate) ReleaseLocked(feed);
    }

    internal async Task<SessionFeed> PinAsync(string sessionId, long afterSeq, CancellationToken cancellationToken)
    {
        if (afterSeq < 0) throw new GatewayException(ErrorCode.SeqOutOfRange, "'after_seq' is 0 or more.");

        SessionFeed feed;
        lock (_gate)
        {
            feed = GetOrAddLocked(SessionId.Require(sessionId));
            feed.Pins++;
        }

        try
        {
            // A running session's feed knows its head; for others the log is asked.
            if (feed is { IsLive: true } && afterSeq <= feed.Head) return feed;
            var entry = await _log.FindAsync(sessionId, cancellationToken)
                ?? throw new GatewayException(ErrorCode.UnknownSession, $"There is no session '{sessionId}'.");
            if (afterSeq > Math.Max(entry.LastSeq, feed.Head))
            {
                throw new GatewayException(ErrorCode.SeqOutOfRange, $"Session '{sessionId}' ends at seq {entry.LastSeq}; 'after_seq' {afterSeq} is beyond it.");
            }

            feed.Advance(entry.LastSeq, SessionStatus.IsFinal(entry.Status));
            return feed;
        }
        catch
        {
            Unpin(feed);
            throw;
        }
    }

    internal void Unpin(SessionFeed feed)
    {
        lock (_gate)
        {
            feed.Pins--;
            ReleaseLocked(feed);
        }
    }

    private static void PinLocked(BroadcastStart start, SessionFeed feed, long next)
    {
        if (start.Places.TryAdd(feed, next)) feed.Pins++;
    }

    private SessionFeed GetOrAddLocked(string sessionId) =>
        _feeds.GetOrAdd(sessionId, static (id, self) => new SessionFeed(id, self._options.WindowBytes, self._flush), this);

    private void ReleaseLocked(SessionFeed feed)
    {
        var needed = feed.Pins > 0 || feed is { IsLive: true, HasEnded: false } || feed.SubscriptionCount > 0;
        if (!needed) _feeds.TryRemove(new KeyValuePair<string, SessionFeed>(feed.SessionId, feed));
    }
}
