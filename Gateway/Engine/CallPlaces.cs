using Gateway.Models;

namespace Gateway.Engine;

/// <summary>Which calls each model has under way for all sessions; who finds no place free waits in line.</summary>
/// <param name="most">The calls of a model that has no limit of its own.</param>
/// <param name="time">The clock of the limits per minute.</param>
internal sealed class CallPlaces(int most, TimeProvider time) : IDisposable
{
    // A timer may ring a little early; then it is set again.
    private static readonly TimeSpan s_shortest = TimeSpan.FromMilliseconds(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, CallLine> _lines = new(StringComparer.Ordinal);
    private ITimer? _alarm;
    private bool _disposed;

    /// <summary>Takes a place, or stands in line for one.</summary>
    /// <param name="model">The name of the model.</param>
    /// <param name="limits">What the model may be asked.</param>
    /// <param name="session">The session that asks; sessions have their turns one after the other.</param>
    /// <param name="wake">Called once when a place is granted later.</param>
    public CallPlace Ask(string model, ModelLimits limits, string session, Action wake)
    {
        var place = new CallPlace(this, model, session, wake);
        List<CallPlace> granted;
        lock (_gate)
        {
            if (!_lines.TryGetValue(model, out var line)) _lines.Add(model, line = new CallLine(limits, most, time));
            line.Enter(place);
            granted = GrantLocked();
        }

        // Who asks looks for itself; but room that came with time may be somebody else's.
        foreach (var next in granted)
        {
            if (next != place) next.Wake();
        }

        return place;
    }

    /// <summary>Gives a place back, or leaves the line.</summary>
    public void Leave(CallPlace place)
    {
        List<CallPlace> granted;
        lock (_gate)
        {
            var line = _lines[place.Model];
            if (place.Turn is not null) line.Exit(place);
            else if (place.IsGranted) line.Release(place);
            granted = GrantLocked();
        }

        foreach (var next in granted) next.Wake();
    }

    /// <summary>Takes a place for a call that is under way already, whether one is free or not.</summary>
    public void Retake(CallPlace place)
    {
        lock (_gate)
        {
            if (!place.IsGranted) _lines[place.Model].Take(place);
        }
    }

    /// <summary>A call begins; what it reads counts from now on, and may leave room for others.</summary>
    public void Begin(CallPlace place, long tokens)
    {
        List<CallPlace> granted;
        lock (_gate)
        {
            _lines[place.Model].Begin(place, tokens);
            granted = GrantLocked();
        }

        foreach (var next in granted) next.Wake();
    }

    /// <summary>A call is over.</summary>
    public void End(CallPlace place, long tokens)
    {
        lock (_gate) _lines[place.Model].End(place, tokens);
    }

    /// <summary>How many calls each model has under way, and how many wait.</summary>
    public IReadOnlyList<(string Model, int Taken, int Waiting)> Count()
    {
        lock (_gate) return [.. _lines.Select(line => (line.Key, line.Value.Taken, line.Value.Waiting))];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            _alarm?.Dispose();
        }
    }

    private List<CallPlace> GrantLocked()
    {
        var granted = new List<CallPlace>();
        foreach (var line in _lines.Values)
        {
            while (line.TryGrant() is { } next) granted.Add(next);
        }

        SetAlarmLocked();
        return granted;
    }

    private void SetAlarmLocked()
    {
        TimeSpan? first = null;
        foreach (var line in _lines.Values)
        {
            if (line.NextGrant() is { } wait && !(wait >= first)) first = wait;
        }

        if (_disposed || (first is null && _alarm is null)) return;
        _alarm ??= time.CreateTimer(static places => ((CallPlaces)places!).Ring(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _alarm.Change(first is null ? Timeout.InfiniteTimeSpan : first > s_shortest ? first.Value : s_shortest, Timeout.InfiniteTimeSpan);
    }

    private void Ring()
    {
        List<CallPlace> granted;
        lock (_gate) granted = GrantLocked();
        foreach (var next in granted) next.Wake();
    }
}
