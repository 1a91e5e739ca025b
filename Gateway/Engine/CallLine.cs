using Gateway.Models;

namespace Gateway.Engine;

/// <summary>The calls of one model, and who waits for a place among them: the sessions in turn, each with its longest-waiting first.</summary>
/// <remarks>Used under the lock of <see cref="CallPlaces"/>.</remarks>
internal sealed class CallLine(ModelLimits limits, int most, TimeProvider time)
{
    private readonly MinuteWindow? _requests = limits.RequestsPerMinute is { } requests ? new MinuteWindow(requests, time) : null;
    private readonly MinuteWindow? _tokens = limits.TokensPerMinute is { } tokens ? new MinuteWindow(tokens, time) : null;

    // What a call reads and writes, of the last that told; null: none has.
    private long? _usual;

    // Every session that waits stands here once.
    private readonly LinkedList<string> _turns = [];
    private readonly Dictionary<string, (LinkedListNode<string> Turn, LinkedList<CallPlace> Waiting)> _sessions = new(StringComparer.Ordinal);

    /// <summary>Calls that have a place.</summary>
    public int Taken { get; private set; }

    /// <summary>Calls that wait for one.</summary>
    public int Waiting { get; private set; }

    private int Most => limits.Calls ?? most;

    /// <summary>Lets somebody stand in line.</summary>
    public void Enter(CallPlace place)
    {
        if (!_sessions.TryGetValue(place.Session, out var session)) _sessions.Add(place.Session, session = (_turns.AddLast(place.Session), []));
        place.Turn = session.Waiting.AddLast(place);
        Waiting++;
    }

    /// <summary>Takes somebody out of the line.</summary>
    public void Exit(CallPlace place)
    {
        var session = _sessions[place.Session];
        session.Waiting.Remove(place.Turn!);
        place.Turn = null;
        Waiting--;
        if (session.Waiting.Count > 0) return;
        _turns.Remove(session.Turn);
        _sessions.Remove(place.Session);
    }

    /// <summary>Gives a place to whoever is next; null when nobody waits, or there is no room.</summary>
    public CallPlace? TryGrant()
    {
        if (_turns.First is not { } turn || Taken >= Most || WaitForRoom() > TimeSpan.Zero) return null;
        var place = _sessions[turn.Value].Waiting.First!.Value;
        Exit(place);
        if (turn.List is not null)
        {
            _turns.Remove(turn);
            _turns.AddLast(turn);
        }

        // What it reads is known when it begins only. Until then it counts as much as the last one, so that not all begin who wait.
        _requests?.Add(1);
        place.Use = _tokens?.Add(_usual ?? limits.TokensPerMinute!.Value);
        Take(place);
        return place;
    }

    /// <summary>Takes a place whether there is room or not.</summary>
    public void Take(CallPlace place)
    {
        Taken++;
        place.IsGranted = true;
    }

    /// <summary>Gives a place back; where no call has begun, nothing was used.</summary>
    public void Release(CallPlace place)
    {
        Taken--;
        place.IsGranted = false;
        if (place is { Use: { } use, HasBegun: false }) _tokens!.Correct(use, 0);
        if (!place.HasBegun) place.Use = null;
    }

    /// <summary>How long it takes until the next of those that wait may begin, when only time is in its way; null when it is not that.</summary>
    public TimeSpan? NextGrant() => Waiting > 0 && Taken < Most ? WaitForRoom() : null;

    /// <summary>Notes how many tokens a call reads, as far as that is known; what it writes may be as much as that of the last one.</summary>
    public void Begin(CallPlace place, long tokens)
    {
        place.HasBegun = true;
        if (_tokens is null) return;
        if (place.Use is { } guess) _tokens.Correct(guess, 0);
        place.Use = _tokens.Add(Math.Max(Math.Max(tokens, _usual ?? 0), 1));
    }

    /// <summary>Notes how many tokens a call has read and written; of one that was cut off nobody knows, and what it began with stays.</summary>
    public void End(CallPlace place, long tokens)
    {
        if (place.Use is not { } use || !place.HasBegun || tokens <= 0) return;
        _usual = tokens;
        _tokens!.Correct(use, tokens);
        place.Use = null;
    }

    private TimeSpan WaitForRoom()
    {
        var (one, other) = (_requests?.Wait() ?? TimeSpan.Zero, _tokens?.Wait() ?? TimeSpan.Zero);
        return one > other ? one : other;
    }
}
