namespace Gateway.Engine.Calls;

/// <summary>Measures how long a model is silent; can be made to stand still.</summary>
/// <remarks>
/// A model that speaks makes its wait begin anew with each token. The timer goes on as it was set and looks, when it rings, how
/// much is left: so the system's timers are changed once in a limit, and not twice a token.
/// </remarks>
internal sealed class IdleTimer : IDisposable
{
    private static readonly TimeSpan s_shortest = TimeSpan.FromMilliseconds(1);

    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly Action _onSilence;
    private readonly ITimer _timer;
    private TimeSpan _left;
    private long _since;
    private long? _ringsAt;
    private bool _armed;
    private bool _held;

    /// <summary>Calls <paramref name="onSilence"/> once a wait lasts too long.</summary>
    public IdleTimer(TimeProvider time, Action onSilence)
    {
        _time = time;
        _onSilence = onSilence;
        _timer = time.CreateTimer(static timer => ((IdleTimer)timer!).Tick(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>A wait begins, which may last for <paramref name="limit"/>.</summary>
    public void Arm(TimeSpan limit)
    {
        lock (_gate)
        {
            _armed = true;
            _left = limit;
            if (!_held) RunLocked();
        }
    }

    /// <summary>The wait is over.</summary>
    public void Disarm()
    {
        lock (_gate) _armed = false;
    }

    /// <summary>Stands still, or goes on where it stood.</summary>
    public void Hold(bool held)
    {
        lock (_gate)
        {
            if (_held == held) return;
            _held = held;
            if (!_armed) return;
            if (!held)
            {
                RunLocked();
                return;
            }

            _left -= _time.GetElapsedTime(_since);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();

    private void Tick()
    {
        lock (_gate)
        {
            _ringsAt = null;
            if (!_armed || _held) return;

            // A tick may have lost a race against Arm, or come a little early. Then only the rest of the limit is waited for.
            _left -= _time.GetElapsedTime(_since);
            if (_left > TimeSpan.Zero)
            {
                RunLocked();
                return;
            }

            _armed = false;
        }

        _onSilence();
    }

    private void RunLocked()
    {
        _since = _time.GetTimestamp();
        var wait = _left > s_shortest ? _left : s_shortest;
        var at = _since + (long)(wait.TotalSeconds * _time.TimestampFrequency);

        // One that rings sooner looks how much is left then.
        if (_ringsAt <= at) return;
        _ringsAt = at;
        _timer.Change(wait, Timeout.InfiniteTimeSpan);
    }
}
