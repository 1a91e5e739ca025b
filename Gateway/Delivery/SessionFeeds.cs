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
internal sealed class SessionFeeds : IDeletionListener
{
    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<string, SessionFeed> _feeds = new(StringComparer.Ordinal);
    private readonly BroadcastList _broadcast = new();
    private readonly ISessionLog _log;
    private readonly WindowBudget _windows;
    private readonly SenderServices _senders;
    private readonly ConnectionRegistry _connections;
    private readonly FlushTimer _flush;
    private readonly ClientLimits _limits;

    /// <summary>Creates the registry.</summary>
    public SessionFeeds(
        ISessionLog log, DeliveryClock clock, ConnectionRegistry connections, GatewayMetrics metrics, ClientLimits limits, TimeProvider time, IOptions<DeliveryOptions> options, ILoggerFactory loggers)
    {
        _limits = limits;
        _connections = connections;
        _flush = new FlushTimer(metrics, time);
        _log = log;
        _windows = new WindowBudget(options.Value.WindowBytes, options.Value.MaxWindowBytes ?? WindowBudget.ByDefault(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes));
        _senders = new SenderServices(new LogPages(log, Release, loggers.CreateLogger<LogPages>()), clock, time);
    }

    /// <summary>Number of sessions with a feed.</summary>
    public int Count => _feeds.Count;

    /// <summary>Makes the sending side of a new connection whose wire is not known yet: <see cref="FrameSender.UseWire"/> names it.</summary>
    /// <param name="output">Takes the bytes.</param>
    /// <param name="abort">Drops the connection without a closing handshake.</param>
    /// <param name="pings">Whether it is to be pinged when it is silent; false where the transport does that itself.</param>
    public FrameSender CreateSender(FrameOutput output, Action abort, bool pings = false)
    {
        var sender = new FrameSender(output, _senders, abort, pings);
        _connections.Add(sender);
        return sender;
    }

    /// <summary>Makes the sending side of a new connection.</summary>
    public FrameSender CreateSender(FrameOutput output, Wire wire, Action abort, bool pings = false)
    {
        var sender = CreateSender(output, abort, pings);
        sender.UseWire(wire);
        return sender;
    }

    /// <summary>Sends a session's events after <paramref name="afterSeq"/>, stored ones and then live ones.</summary>
    /// <exception cref="GatewayException"><c>unknown_session</c>; <c>seq_out_of_range</c>: negative, or beyond the last event; <c>too_many_subscriptions</c>.</exception>
    public async Task SubscribeAsync(FrameSender sender, string sessionId, long afterSeq, bool merge, CancellationToken cancellationToken)
    {
        if (!sender.Has(sessionId)) RequireRoom(sender);
        using var start = await BeginAsync(sessionId, afterSeq, cancellationToken);
        Subscribe(sender, start, merge);
    }

    /// <summary>Finds where a subscription begins, for a connection that is opened only when nothing is refused.</summary>
    /// <exception cref="GatewayException"><c>unknown_session</c>; <c>seq_out_of_range</c>: negative, or beyond the last event.</exception>
    public async Task<SubscriptionStart> BeginAsync(string sessionId, long afterSeq, CancellationToken cancellationToken) =>
        new(this, await PinAsync(sessionId, afterSeq, cancellationToken), afterSeq);

    /// <summary>Sends a session's events from where the subscription begins.</summary>
    /// <exception cref="GatewayException"><c>unknown_session</c>: it has been deleted meanwhile.</exception>
    public void Subscribe(FrameSender sender, SubscriptionStart start, bool merge)
    {
        var feed = start.Feed;
        sender.Add(feed, start.Next, merge, asked: true);
        if (!feed.IsDeleted) return;

        // Deleted before this subscription was seen among those that have to be told.
        Unsubscribe(sender, feed.SessionId);
        throw SessionRefusal.Deleted(feed.SessionId);
    }

    /// <summary>Checks that a connection may have one more subscription.</summary>
    /// <exception cref="GatewayException"><c>too_many_subscriptions</c>.</exception>
    public void RequireRoom(FrameSender sender) => _limits.RequireSubscription(sender.AskedCount);

    /// <summary>A place among a connection's subscriptions for a stream that is none of a session; given back when it is disposed of.</summary>
    /// <exception cref="GatewayException"><c>too_many_subscriptions</c>.</exception>
    public IDisposable TakeStream(FrameSender sender)
    {
        var place = new StreamPlace(sender);
        try
        {
            // It counts already.
            _limits.RequireSubscription(sender.AskedCount - 1);
            return place;
        }
        catch
        {
            place.Dispose();
            throw;
        }
    }

    /// <summary>Subscribes the starter of a session from its first event, unless it watches already.</summary>
    public Task SubscribeIfNewAsync(FrameSender sender, string sessionId, CancellationToken cancellationToken) =>
        sender.TakesAll || sender.Has(sessionId) ? Task.CompletedTask : SubscribeAsync(sender, sessionId, 0, merge: false, cancellationToken);

    /// <summary>Ends a subscription; returns false when there was none.</summary>
    public bool Unsubscribe(FrameSender sender, string sessionId)
    {
        // A session that is silent has not subscribed it yet, and would do so at its next event.
        if (sender.TakesAll && _feeds.TryGetValue(sessionId, out var feed)) feed.AttachAll();
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

        // What a silent session has not begun to send stands still, too.
        if (sender.TakesAll) feed.AttachAll();
        if (sender.Remove(feed.SessionId) is { } subscription)
        {
            // A feed that was dropped meanwhile, and made anew, is another one.
            if (subscription.Feed == feed) return new SuspendedSubscription(this, subscription);
            Release(subscription.Feed);
        }

        Unpin(feed);
        return null;
    }

    /// <summary>A place among those that are sent the live events of every session, for a connection that is about to be accepted.</summary>
    public BroadcastMember JoinBroadcast(Wire wire) => _broadcast.Join(this, wire);

    /// <inheritdoc/>
    public void OnDeleted(IReadOnlyCollection<string> sessionIds)
    {
        var deleted = new HashSet<string>(sessionIds, StringComparer.Ordinal);
        foreach (var sessionId in deleted)
        {
            SessionFeed? feed;
            lock (_gate) _feeds.TryRemove(sessionId, out feed);
            foreach (var subscription in feed?.MarkDeleted() ?? []) subscription.Owner.Refuse(subscription, SessionRefusal.Deleted(sessionId));
        }

        // A client that has read all of the session has no subscription any more, but may be connected for nothing else.
        foreach (var sender in _connections.Snapshot())
        {
            if (sender.OnlySession is { } only && deleted.Contains(only)) sender.RefuseOnly(only, SessionRefusal.Deleted(only));
        }
    }

    /// <summary>Ends all subscriptions of a connection that may still have something of its own to send.</summary>
    public void UnsubscribeAll(FrameSender sender)
    {
        foreach (var feed in sender.Feeds()) Unsubscribe(sender, feed.SessionId);
    }

    /// <summary>Ends all subscriptions of a connection, and its sending side.</summary>
    public void Remove(FrameSender sender)
    {
        sender.Dispose();
        _connections.Remove(sender);
    }

    /// <summary>As <see cref="Remove"/>, and completes when nobody writes to the connection any more.</summary>
    public async ValueTask RemoveAsync(FrameSender sender)
    {
        _connections.Remove(sender);
        await sender.EndAsync();
    }

    /// <summary>The feed that a session's writer publishes to, from an event on.</summary>
    public SessionFeed ForWriter(string sessionId, long firstSeq)
    {
        if (_feeds.TryGetValue(sessionId, out var feed) && feed is { IsLive: true, HasEnded: false }) return feed;

        // A session that had ended begins again: the old one has been deleted, and this is another one with its id.
        var ofDeleted = firstSeq == 1 && feed is { IsLive: true, HasEnded: true } ? TakeDeleted(feed) : [];
        lock (_gate)
        {
            feed = GetOrAddLocked(sessionId);
            if (ofDeleted.Count > 0) feed.TellOfDeletion(ofDeleted);

            // Before the feed is seen to be live: a reader that joins then takes what follows the head for the live events.
            feed.GoLive(firstSeq - 1);
        }

        return feed;
    }

    /// <summary>Drops the feed of a session whose writer has stopped without an end; readers keep it alive.</summary>
    public void Release(SessionFeed feed)
    {
        lock (_gate) ReleaseLocked(feed);
    }

    private async Task<SessionFeed> PinAsync(string sessionId, long afterSeq, CancellationToken cancellationToken)
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
                ?? throw SessionId.Unknown(sessionId);
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

    /// <summary>Keeps a feed until <see cref="Unpin"/>.</summary>
    public void Pin(SessionFeed feed)
    {
        lock (_gate) feed.Pins++;
    }

    /// <summary>Drops a feed that nobody else needs.</summary>
    public void Unpin(SessionFeed feed)
    {
        lock (_gate)
        {
            feed.Pins--;
            ReleaseLocked(feed);
        }
    }

    private IReadOnlyList<Subscription> TakeDeleted(SessionFeed feed)
    {
        lock (_gate) _feeds.TryRemove(KeyValuePair.Create(feed.SessionId, feed));
        return feed.MarkDeleted();
    }

    private SessionFeed GetOrAddLocked(string sessionId) =>
        _feeds.GetOrAdd(sessionId, static (id, self) => new SessionFeed(id, self._windows, self._flush, self._broadcast, self.Release), this);

    private void ReleaseLocked(SessionFeed feed)
    {
        var needed = feed.Pins > 0 || feed is { IsLive: true, HasEnded: false } || feed.HasArrivals || feed.SubscriptionCount > 0;
        if (!needed) _feeds.TryRemove(new KeyValuePair<string, SessionFeed>(feed.SessionId, feed));
    }
}
