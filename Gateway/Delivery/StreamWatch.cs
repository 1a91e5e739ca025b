using System.Net.Sockets;
using Gateway.Delivery.Outputs;
using Gateway.Delivery.Wires;

namespace Gateway.Delivery;

/// <summary>One stream of Server-Sent Events, watched and counted like the connections that have a sender.</summary>
/// <remarks>Its writer waits for each flush by itself; this only notes how that goes.</remarks>
public sealed class StreamWatch
{
    private readonly Lock _gate = new();
    private readonly DeliveryClock _clock;
    private readonly WireTraffic _traffic;
    private readonly Socket? _socket;
    private readonly Action _abort;
    private long _seq;
    private long _progressAt;
    private ulong _taken;
    private bool _flushing;
    private bool _ended;

    internal StreamWatch(string sessionId, long afterSeq, Socket? socket, DeliveryClock clock, WireTraffic traffic, Action abort)
    {
        SessionId = sessionId;
        _seq = afterSeq;
        _socket = socket;
        _clock = clock;
        _traffic = traffic;
        _abort = abort;
    }

    /// <summary>The session it sends.</summary>
    public string SessionId { get; }

    /// <summary>Seq of the last event that it has written.</summary>
    public long Seq
    {
        get
        {
            lock (_gate) return _seq;
        }
    }

    /// <summary>A flush begins; the client is to take something.</summary>
    public void Flushing()
    {
        lock (_gate)
        {
            _flushing = true;
            _progressAt = _clock.Ticks;
        }
    }

    /// <summary>The system has taken so many events and bytes, up to an event.</summary>
    public void Flushed(long seq, int events, int bytes)
    {
        lock (_gate)
        {
            _flushing = false;
            _seq = seq;
        }

        _traffic.Sent(events, bytes);
    }

    /// <summary>Whether its client has taken nothing for so many ticks.</summary>
    internal bool IsStalled(long now, long stall)
    {
        lock (_gate)
        {
            if (!_flushing) return false;
            if (PeerProgress.Of(_socket).Taken is var taken && taken != _taken)
            {
                _taken = taken;
                _progressAt = now;
            }

            return now - _progressAt >= stall;
        }
    }

    /// <summary>How it is named in logs.</summary>
    internal string Describe() => $"an event stream of {SessionId} at seq {Seq}";

    /// <summary>Drops it, unless it has ended; its client can come back with the last id it has.</summary>
    internal void Abort()
    {
        // Under the lock: what would be dropped after the end is the connection's next request, or nothing at all.
        lock (_gate)
        {
            if (!_ended) _abort();
        }
    }

    /// <summary>Its request is about to end.</summary>
    internal void End()
    {
        lock (_gate) _ended = true;
    }
}
