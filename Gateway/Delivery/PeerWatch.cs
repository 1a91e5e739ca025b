using Gateway.Delivery.Outputs;

namespace Gateway.Delivery;

/// <summary>What is known of a connection's peer: when it was heard, whether it takes what is written; used under the sender's lock.</summary>
/// <remarks>Times are ticks of <see cref="DeliveryClock"/>. A value at the end of its sender: the fan-out does not touch it.</remarks>
internal struct PeerWatch(long now)
{
    private ulong _taken;
    private long _progressAt;
    private long _pingedAt;
    private long _waitingSince;
    private ulong _pingEnd;
    private long _quietSince = now;
    private long _quietAt;

    /// <summary>When the peer was last heard.</summary>
    public long HeardAt { get; set; } = now;

    /// <summary>A write waits for the peer from now on, or has just got on.</summary>
    public void Progressed(long now) => _progressAt = now;

    /// <summary>Whether a write that is under way has not got on for so long.</summary>
    public bool IsStalled(FrameOutput output, long now, long stall)
    {
        if (output.Peer.Taken is var taken && taken != _taken)
        {
            _taken = taken;
            _progressAt = now;
        }

        return now - _progressAt >= stall;
    }

    /// <summary>Whether it is time to ping; asked at each tick.</summary>
    public bool NeedsPing(long now, long ping)
    {
        if (_pingedAt > HeardAt || now - HeardAt < ping) return false;
        (_pingedAt, _waitingSince, _pingEnd) = (now, now, 0);
        return true;
    }

    /// <summary>Whether the peer has not answered the last ping in time; asked at each tick that has not pinged.</summary>
    /// <remarks>
    /// The time to answer begins when the ping can have arrived: it is written behind what is being written, and waits
    /// in the system behind what a slow peer has not taken yet. What the peer takes of that shows that it is there.
    /// </remarks>
    public bool IsSilent(FrameOutput output, bool writing, long now, long answer)
    {
        if (_pingedAt <= HeardAt) return false;
        if (writing)
        {
            (_waitingSince, _pingEnd) = (now, 0);
            return false;
        }

        if (_pingEnd == 0) (_pingEnd, _taken) = output.Peer;
        else if (_taken < _pingEnd && output.Peer.Taken is var taken && taken != _taken) (_taken, _waitingSince) = (taken, now);
        return now - _waitingSince >= answer;
    }

    /// <summary>Whether it is time for a comment, as nothing has been sent for so long; asked at each tick.</summary>
    /// <param name="position">Anything that changes when something is sent.</param>
    /// <param name="now">The tick.</param>
    /// <param name="interval">Ticks between two signs of life.</param>
    public bool NeedsComment(long position, long now, long interval)
    {
        if (position != _quietAt) (_quietAt, _quietSince) = (position, now);
        if (now - _quietSince < interval) return false;
        _quietSince = now;
        return true;
    }
}
