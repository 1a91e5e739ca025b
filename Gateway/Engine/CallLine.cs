using Gateway.Models;

namespace Gateway.Engine;

/// <summary>The calls of one model, and who waits for a place among them: the sessions in turn, each with its longest-waiting first.</summary>
/// <remarks>Used under the lock of <see cref="CallPlaces"/>.</remarks>
internal sealed class CallLine(ModelLimits limits, int most, TimeProvider time)
{
    private readonly MinuteWindow? _requests = limits.RequestsPerMinute is { } requests ? new MinuteWindow(requests, time) : null;
    private readonly MinuteWindow? _tokens = limits.TokensPerMinute is { } tokens ? new MinuteWindow(tokens, time) : null;

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

        _requests?.Add(1);
        Take(place);
        return place;
    }

    /// <summary>Takes a place whether there is room or not.</summary>
    public void Take(CallPlace place)
    {
        Taken++;
        place.IsGranted = true;
    }

    /// <summary>Gives a place back.</summary>
    public void Release(CallPlace place)
    {
        Taken--;
        place.IsGranted = false;
    }

    /// <summary>How long it takes until the next of those that wait may begin, when only time is in its way; null when it is not that.</summary>
    public TimeSpan? NextGrant() => Waiting > 0 && Taken < Most ? WaitForRoom() : null;

    /// <summary>Notes how many tokens a call reads, as far as that is known.</summary>
    public MinuteWindow.Use? Begin(long tokens) => _tokens?.Add(tokens);

    /// <summary>Notes how many tokens a call has read and written.</summary>
    public void End(MinuteWindow.Use use, long tokens) => _tokens!.Correct(use, tokens);

    private TimeSpan WaitForRoom()
    {
        var (one, other) = (_requests?.Wait() ?? TimeSpan.Zero, _tokens?.Wait() ?? TimeSpan.Zero);
        return one > other ? one : other;
    }
}
