using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Gateway.Contracts;

namespace Gateway.Client.Reading;

/// <summary>One consumer of a session's events: its position and what it has not consumed yet.</summary>
/// <remarks>Members named <c>...Locked</c> are called under the lock of the subscription that feeds the reader.</remarks>
internal sealed class EventReader(SessionSubscription subscription, long afterSeq, int bufferSize)
{
    private readonly int _lowWater = bufferSize / 4;
    private volatile bool _blocked;
    private bool _seenAny;

    // When the buffer is full, TryWrite fails and the client asks for the event again later: the receive loop never waits.
    private readonly Channel<SessionEvent> _events =
        Channel.CreateBounded<SessionEvent>(new BoundedChannelOptions(bufferSize) { SingleReader = true, SingleWriter = false });

    /// <summary>The position the consumer asked for.</summary>
    public long AfterSeq { get; } = afterSeq;

    /// <summary>The seq it needs next.</summary>
    public long Next { get; private set; } = afterSeq + 1;

    /// <summary>True once the gateway has accepted the position.</summary>
    public bool Admitted { get; set; }

    /// <summary>True when events were missing and the gateway has not been asked again since.</summary>
    public bool SawGap { get; set; }

    /// <summary>How often a gap made the subscription ask again since the last event it got.</summary>
    public int GapTries { get; set; }

    /// <summary>True while the buffer is full and has not been drained yet.</summary>
    public bool Blocked => _blocked;

    /// <summary>Where to subscribe for this reader.</summary>
    /// <remarks>
    /// Until an event has arrived, this is one event early. Otherwise a reader that comes back after the session's last
    /// event would wait for ever, because no event follows the last one.
    /// </remarks>
    public long From => _seenAny || AfterSeq == 0 ? Next - 1 : AfterSeq - 1;

    /// <summary>Takes an event if it is the next one and there is room.</summary>
    public Offered OfferLocked(SessionEvent sessionEvent)
    {
        var ends = sessionEvent is SessionEvent<ExecutionCompleted>;
        if (sessionEvent.Seq < Next)
        {
            _seenAny |= sessionEvent.Seq == Next - 1;
            return ends ? FinishLocked() : Offered.Handled;
        }

        if (_blocked) return Offered.Handled;
        var first = sessionEvent.MergedFrom ?? sessionEvent.Seq;
        if (first > Next) return Offered.Gap;
        if (first < Next)
        {
            // The event shows that the session goes on after the reader's last event.
            _seenAny = true;
            return Offered.Overlap;
        }

        if (!_events.Writer.TryWrite(sessionEvent))
        {
            _blocked = true;
            return Offered.Full;
        }

        Next = sessionEvent.Seq + 1;
        _seenAny = true;
        GapTries = 0;
        SawGap = false;
        return ends ? FinishLocked() : Offered.Handled;
    }

    /// <summary>Lets events in again if the buffer had been full; false when it had not.</summary>
    public bool UnblockLocked()
    {
        var blocked = _blocked;
        _blocked = false;
        return blocked;
    }

    /// <summary>Ends the reading with <paramref name="failure"/>, once the consumer has read what is buffered.</summary>
    public void Fail(Exception failure) => _events.Writer.TryComplete(failure);

    /// <summary>Gives the consumer the events as they come.</summary>
    public async IAsyncEnumerable<SessionEvent> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        try
        {
            do
            {
                while (_events.Reader.TryRead(out var next))
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    if (_blocked && _events.Reader.Count <= _lowWater) subscription.Unblock(this);
                    yield return next;
                }

                // The buffer may have filled and emptied just before the reader was marked as blocked: look again before waiting.
                subscription.Unblock(this);
            }
            while (await _events.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false));
        }
        finally
        {
            subscription.Detach(this);
        }
    }

    private Offered FinishLocked()
    {
        _events.Writer.TryComplete();
        return Offered.Finished;
    }
}
