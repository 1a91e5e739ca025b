using System.Threading.Channels;
using Gateway.Client.Connection;
using Gateway.Contracts;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.Logging;

namespace Gateway.Client.Reading;

/// <summary>Keeps the connection's one subscription to a session where its readers need it.</summary>
/// <remarks>
/// Events arrive on the connection's dispatch loop, readers come and go on their own threads; both only note under the
/// lock what is needed and wake the one loop (<see cref="RunAsync"/>) that talks to the gateway about this session.
/// The file is long because the rules about one stream's position belong together.
/// </remarks>
internal sealed partial class SessionSubscription
{
    // How long events with rising seqs are taken for what was still under way from an earlier position.
    private static readonly TimeSpan StallAfter = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly List<EventReader> _readers = [];
    private readonly Action<SessionSubscription> _ended;
    private readonly GatewayConnection _connection;
    private readonly GatewayClientOptions _options;
    private readonly ILogger _logger;
    private readonly SemaphoreSlim _asking;
    private readonly StreamPositions _streams = new();

    // One pending wake-up is enough: the loop looks at everything each time.
    private readonly Channel<bool> _wake =
        Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    private ConnectionLease? _lease;        // the connection that the fields below describe
    private bool _placed;                   // the gateway was asked to send what a reader needs
    private bool _dirty;                    // and must be asked again, because a reader needs something else
    private int _starts;                    // start commands under way, each of which will place the subscription
    private int _refusals;                  // transient refusals in a row
    private bool _retired;

    public SessionSubscription(
        string sessionId,
        GatewayConnection connection,
        GatewayClientOptions options,
        ILogger logger,
        SemaphoreSlim asking,
        Action<SessionSubscription> ended,
        CancellationToken stop)
    {
        (SessionId, _connection, _options, _logger, _asking, _ended) = (sessionId, connection, options, logger, asking, ended);
        Completion = Task.Run(() => RunAsync(stop), CancellationToken.None);
    }

    /// <summary>The session.</summary>
    public string SessionId { get; }

    /// <summary>True once it has ended and takes no more readers.</summary>
    public bool IsRetired
    {
        get
        {
            lock (_gate) return _retired;
        }
    }

    /// <summary>Ends when nobody reads the session any more, or the client is done.</summary>
    public Task Completion { get; }

    /// <summary>Adds a reader; null when this subscription has ended and a new one must be made.</summary>
    public EventReader? TryAttach(long afterSeq)
    {
        lock (_gate)
        {
            if (_retired) return null;
            var reader = new EventReader(this, afterSeq, _options.BufferSize);
            _readers.Add(reader);
            Wake();
            return reader;
        }
    }

    /// <summary>Removes a reader whose consumer has left.</summary>
    public void Detach(EventReader reader)
    {
        lock (_gate)
        {
            _readers.Remove(reader);
            Wake();
        }
    }

    /// <summary>Goes on with a reader whose buffer was full and has been drained.</summary>
    public void Unblock(EventReader reader)
    {
        lock (_gate)
        {
            if (!reader.UnblockLocked()) return;
            _dirty = true;
            Wake();
        }
    }

    /// <summary>Announces a start command, which subscribes its sender; false when this subscription has ended.</summary>
    public bool TryBeginStart()
    {
        lock (_gate)
        {
            if (_retired) return false;
            _starts++;
            return true;
        }
    }

    /// <summary>The start command goes out on <paramref name="lease"/>: its events may arrive before its answer.</summary>
    public void StartSending(ConnectionLease lease)
    {
        lock (_gate)
        {
            EnterLocked(lease);
            PlaceLocked(0);
        }
    }

    /// <summary>The start command was answered.</summary>
    /// <param name="fresh">True when the gateway certainly sends from the first event: the session is new.</param>
    public void EndStart(bool fresh)
    {
        lock (_gate)
        {
            _starts--;
            if (fresh)
            {
                foreach (var reader in _readers.Where(r => r.AfterSeq == 0)) AdmitLocked(reader);
            }
            else
            {
                // The start was refused, or the session existed already and the gateway may not be sending it: subscribe explicitly.
                _dirty = true;
            }

            Wake();
        }
    }

    /// <summary>There is a new connection to subscribe on.</summary>
    public void Wake() => _wake.Writer.TryWrite(true);

    /// <summary>Hands an event to every reader that needs it.</summary>
    public void OnEvent(ConnectionLease lease, SessionEvent sessionEvent)
    {
        lock (_gate)
        {
            // An old connection may still deliver what it had received. The new connection sends these events again.
            if (lease != _lease) return;
            if (sessionEvent is SessionEvent<ExecutionError> { Seq: 0, Data: var refusal })
            {
                // An error with seq 0 is in no log: the gateway sends it to say why the subscription ends.
                _placed = false;
                FailAll(new GatewayClientException(refusal.Code, refusal.Error));
                return;
            }

            var first = sessionEvent.MergedFrom ?? sessionEvent.Seq;
            _streams.Saw(first, sessionEvent.Seq);

            for (var i = _readers.Count - 1; i >= 0; i--)
            {
                var reader = _readers[i];
                switch (reader.OfferLocked(sessionEvent))
                {
                    case Offered.Gap:
                        OnGapLocked(reader);
                        break;
                    case Offered.Overlap:
                        OnOverlapLocked(reader, first);
                        break;
                    case Offered.Full:
                        LogFull(SessionId, reader.Next - 1);
                        Wake();
                        break;
                    case Offered.Finished:
                        RemoveLocked(reader);
                        break;
                    case Offered.Handled:
                    default:
                        break;
                }
            }

            // With the last event the gateway's subscription is over: there is nothing left to end.
            if (_readers.Count == 0 && sessionEvent is SessionEvent<ExecutionCompleted>) _placed = false;
        }
    }

    /// <summary>Fails every reader.</summary>
    public void FailAll(Exception failure)
    {
        lock (_gate)
        {
            foreach (var reader in _readers) reader.Fail(failure);
            _readers.Clear();
            Wake();
        }
    }

    // SignalR drops an event that it cannot read, so only a reader notices that one is missing. The client then asks the
    // gateway again from the last event that arrived in order. Events that were sent before this request still arrive, and
    // they look like a gap too; StreamPositions tells them apart.
    private void OnGapLocked(EventReader reader)
    {
        if (_dirty) return;
        reader.SawGap = true;
        if (_streams.IsSettled && reader.Admitted) CountGapLocked(reader);
    }

    // The gateway cuts a merged event where it is asked to begin. It may have been asked to begin before the event that this
    // reader needs, for another reader or because a new position is one event early: then it is asked again. A merged event
    // that begins at the position or before it was sent before the last move, and the events asked for are still to come.
    private void OnOverlapLocked(EventReader reader, long first)
    {
        if (_dirty) return;
        reader.SawGap = true;
        if (!reader.Admitted) return;
        if (first <= _streams.Position) _streams.Unsettle();
        else if (_streams.IsSettled) _dirty = true;
        Wake();
    }

    private void CountGapLocked(EventReader reader)
    {
        LogGap(SessionId, reader.Next, _streams.LastSeen);
        if (++reader.GapTries <= _options.MaxGapRetries)
        {
            _dirty = true;
            Wake();
            return;
        }

        RemoveLocked(reader);
        reader.Fail(new GatewayClientException(
            ClientErrorCode.EventsMissing,
            $"Event {reader.Next} of session '{SessionId}' did not arrive in {_options.MaxGapRetries} more tries, but event {_streams.LastSeen} did; "
            + "this client may be too old for the gateway's events."));
    }

    // The restart stays hidden only when the second stream lacks other events than the first. The client then asks once more.
    private void OnStalled()
    {
        lock (_gate)
        {
            if (_streams.IsSettled) return;
            _streams.Settle();
            foreach (var reader in _readers.Where(r => r.SawGap).ToList()) CountGapLocked(reader);
        }
    }

    // Completes when there may be something to do for the loop.
    private async Task WokenAsync(CancellationToken stop)
    {
        bool mayStall;
        lock (_gate) mayStall = !_streams.IsSettled;
        if (!mayStall)
        {
            await _wake.Reader.ReadAsync(stop).ConfigureAwait(false);
            return;
        }

        using var stall = new CancellationTokenSource(StallAfter, _options.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, stall.Token);
        try
        {
            await _wake.Reader.ReadAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            OnStalled();
        }
    }

    private async Task RunAsync(CancellationToken stop)
    {
        try
        {
            while (true)
            {
                await WokenAsync(stop).ConfigureAwait(false);
                while (true)
                {
                    var lease = await _connection.WaitConnectedAsync(stop).ConfigureAwait(false);
                    try
                    {
                        var done = await StepAsync(lease, stop).ConfigureAwait(false);
                        if (done == StepKind.Retire) return;
                        if (done == StepKind.Rest) break;
                    }
                    catch (ConnectionBrokenException)
                    {
                        await _connection.NotCurrentAsync(lease, stop).ConfigureAwait(false);
                    }
                }
            }
        }
        catch (Exception e)
        {
            // The client was disposed or has given up, so no more events will come. The client fails all readers itself; this
            // also fails those that joined since.
            Retire(stop.IsCancellationRequested ? new ObjectDisposedException(nameof(GatewayClient), "The client was disposed.") : e);
        }
        finally
        {
            _ended(this);
        }
    }

    // The turn is held while a refusal is waited out, so that the sessions in turn are never more than the gateway can take.
    private async Task<StepKind> StepAsync(ConnectionLease lease, CancellationToken stop)
    {
        await _asking.WaitAsync(stop).ConfigureAwait(false);
        try
        {
            var step = NextStep(lease);
            if (step.Kind == StepKind.Leave) await LeaveAsync(lease, stop).ConfigureAwait(false);
            if (step.Kind == StepKind.Place) await PlaceAsync(lease, step, stop).ConfigureAwait(false);
            return step.Kind;
        }
        finally
        {
            _asking.Release();
        }
    }

    private Step NextStep(ConnectionLease lease)
    {
        lock (_gate)
        {
            EnterLocked(lease);
            if (_starts > 0) return Step.Rest;

            if (_readers.Find(r => !r.Admitted) is { } newcomer)
            {
                PlaceLocked(newcomer.AfterSeq);
                // One request serves all that ask for the same place: a thousand readers are not a thousand commands.
                return new Step(StepKind.Place, newcomer.AfterSeq, _readers.FindAll(r => !r.Admitted && r.AfterSeq == newcomer.AfterSeq));
            }

            if (_readers.TrueForAll(r => r.Blocked))
            {
                if (_placed)
                {
                    _placed = false;
                    return Step.Leave;
                }

                _retired = _readers.Count == 0;
                return _retired ? Step.Retire : Step.Rest;
            }

            if (_placed && !_dirty) return Step.Rest;
            var from = _readers.Where(r => !r.Blocked).Min(r => r.From);
            PlaceLocked(from);
            return new Step(StepKind.Place, from, []);
        }
    }

    private void EnterLocked(ConnectionLease lease)
    {
        if (_lease == lease) return;
        _lease = lease;
        _placed = false;
        _streams.Reset();
    }

    private void PlaceLocked(long position)
    {
        _placed = true;
        _streams.Move(position);
        foreach (var reader in _readers) reader.SawGap = false;
        // A newcomer is placed exactly where it asked to be, so that a refusal concerns only the newcomer. Afterwards the
        // position follows the needs of all readers again.
        _dirty = _readers.Exists(r => !r.Blocked && r.From < position);
    }

    private void AdmitLocked(EventReader reader)
    {
        reader.Admitted = true;
        _dirty |= reader.SawGap && _streams.IsSettled;
    }

    private async Task PlaceAsync(ConnectionLease lease, Step step, CancellationToken stop)
    {
        LogSubscribe(SessionId, step.Position);
        try
        {
            await lease.InvokeAsync(CommandTable.Subscribe, new Subscribe { SessionId = SessionId, AfterSeq = step.Position }, stop).ConfigureAwait(false);
        }
        catch (GatewayClientException refusal)
        {
            await OnRefusedAsync(refusal, step.Newcomers, stop).ConfigureAwait(false);
            return;
        }

        lock (_gate)
        {
            _refusals = 0;
            foreach (var newcomer in step.Newcomers) AdmitLocked(newcomer);
        }
    }

    private async Task LeaveAsync(ConnectionLease lease, CancellationToken stop)
    {
        LogUnsubscribe(SessionId);
        try
        {
            await lease.InvokeAsync(CommandTable.Unsubscribe, new Unsubscribe { SessionId = SessionId }, stop).ConfigureAwait(false);
        }
        catch (GatewayClientException refusal) when (Refusal.IsTransient(refusal))
        {
            // Unless it is asked again, the gateway goes on sending what nobody here reads.
            var again = await OnRefusedAsync(refusal, [], stop).ConfigureAwait(false);
            lock (_gate) _placed |= again && _lease == lease;
        }
        catch (GatewayClientException refusal)
        {
            // The gateway refuses when there is no subscription to end, and then the goal is reached already.
            LogUnsubscribeRefused(SessionId, refusal.Message);
        }
    }

    // What passes is waited for, by a reader that was just opened like by any other: it has no other way to find out when to
    // come again. What does not pass ends those that asked for it. Answers whether to ask again.
    private async Task<bool> OnRefusedAsync(GatewayClientException refusal, IReadOnlyList<EventReader> newcomers, CancellationToken stop)
    {
        var delay = Refusal.IsTransient(refusal)
            ? _options.RetryPolicy.NextRetryDelay(new RetryContext { PreviousRetryCount = _refusals++, RetryReason = refusal })
            : null;

        lock (_gate)
        {
            _placed = false;
            if (delay is null)
            {
                foreach (var reader in newcomers.Count > 0 ? newcomers : [.. _readers])
                {
                    RemoveLocked(reader);
                    reader.Fail(refusal);
                }
            }
        }

        if (delay is null) return false;
        LogRefused(SessionId, delay.Value, refusal.Message);
        if (delay > TimeSpan.Zero) await Task.Delay(delay.Value, _options.TimeProvider, stop).ConfigureAwait(false);
        return true;
    }

    private void RemoveLocked(EventReader reader)
    {
        _readers.Remove(reader);
        Wake();
    }

    private void Retire(Exception failure)
    {
        lock (_gate)
        {
            _retired = true;
            FailAll(failure);
        }
    }

    private enum StepKind
    {
        Rest,
        Place,
        Leave,
        Retire,
    }

    private readonly record struct Step(StepKind Kind, long Position, IReadOnlyList<EventReader> Newcomers)
    {
        public static Step Rest => new(StepKind.Rest, 0, []);

        public static Step Leave => new(StepKind.Leave, 0, []);

        public static Step Retire => new(StepKind.Retire, 0, []);
    }
}
