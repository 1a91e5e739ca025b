using Gateway.Benchmarks.Conformance.Messages;

namespace Gateway.Benchmarks.Conformance.Faults;

/// <summary>One fault and one session: where it is played next, and where it has been.</summary>
/// <remarks>
/// It is played at events that have not been sent before, a few times, so that a client that does the right thing always comes to the
/// end: nothing is lost for good. All connections of a session share it, since the next one goes on where the last one broke.
/// </remarks>
internal sealed class FaultRun
{
    // How many events lie between one place and the next.
    private const int NearestGap = 3;
    private const int WidestGap = 25;

    private readonly Lock _gate = new();
    private readonly Queue<long> _places;
    private readonly List<long> _played = [];
    private long _highest;
    private int _connections;
    private int _afterGoodbye;

    public FaultRun(string sessionId, FaultPlan plan)
    {
        (SessionId, Plan) = (sessionId, plan);
        var chance = new Random(plan.Seed);
        var places = new List<long>(plan.At);
        for (long seq = 0; plan.At.Count == 0 && places.Count < plan.Fault.Times;) places.Add(seq += chance.Next(NearestGap, WidestGap));
        _places = new Queue<long>(places);
    }

    public string SessionId { get; }

    public FaultPlan Plan { get; }

    /// <summary>The seqs at which the fault has happened.</summary>
    public IReadOnlyList<long> Played
    {
        get
        {
            lock (_gate) return [.. _played];
        }
    }

    /// <summary>How many connections have got an event.</summary>
    public int Connections
    {
        get
        {
            lock (_gate) return _connections;
        }
    }

    /// <summary>How many connections have got an event after they had been told not to come back.</summary>
    public int AfterGoodbye
    {
        get
        {
            lock (_gate) return _afterGoodbye;
        }
    }

    /// <summary>Whether there are places left.</summary>
    public bool IsOver
    {
        get
        {
            lock (_gate) return _places.Count == 0;
        }
    }

    /// <summary>The first event of a connection is on its way.</summary>
    public void Connect()
    {
        lock (_gate)
        {
            _connections++;
            if (Plan.Fault == Fault.Goodbye && _played.Count > 0) _afterGoodbye++;
        }
    }

    /// <summary>Notes an event, and tells whether the fault is to be played at it: it is until <see cref="NotePlayed(long)"/>.</summary>
    public bool IsDue(EventFrame frame)
    {
        lock (_gate)
        {
            var isNew = frame.Seq > _highest;
            _highest = Math.Max(_highest, frame.Seq);
            return isNew && (frame.IsText || !Plan.Fault.OnText) && _places.TryPeek(out var place) && frame.Seq >= place;
        }
    }

    /// <summary>The fault has happened at an event.</summary>
    public void NotePlayed(long seq)
    {
        lock (_gate)
        {
            if (_places.TryDequeue(out _)) _played.Add(seq);
        }
    }

    /// <summary>The fault has happened after all that was sent so far.</summary>
    public void NotePlayed()
    {
        lock (_gate)
        {
            if (_highest > 0 && _places.TryDequeue(out _)) _played.Add(_highest);
        }
    }
}
