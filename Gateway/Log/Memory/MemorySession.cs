using Gateway.Contracts;

namespace Gateway.Log.Memory;

/// <summary>One session's log in memory; used under the lock of <see cref="MemorySessionLog"/>.</summary>
internal sealed class MemorySession(SessionHeader header, long number)
{
    private readonly Dictionary<long, int[]> _lengths = [];
    private List<LoggedEvent> _events = [];

    public SessionHeader Header { get; } = header;

    public long Number { get; } = number;

    public string Status { get; private set; } = SessionStatus.Running;

    public DateTime? WakeAt { get; private set; }

    public DateTime UpdatedAt { get; private set; } = header.CreatedAt;

    public bool Compacted { get; private set; }

    public long LastSeq => _events.Count == 0 ? 0 : _events[^1].Seq;

    public void Append(IReadOnlyList<LoggedEvent> events, SessionStanding standing)
    {
        _events.AddRange(events);
        Status = standing.Status;
        WakeAt = standing.WakeAt;
        UpdatedAt = events[^1].Event.Timestamp;
    }

    public List<LoggedEvent> Read(long afterSeq, int limit)
    {
        if (limit <= 0) return [];
        var first = FirstAfter(afterSeq);
        var events = _events.GetRange(first, Math.Min(limit, _events.Count - first));
        if (events.Count > 0 && _lengths.TryGetValue(events[0].Seq, out var lengths) && events[0].Seq - lengths.Length < afterSeq)
        {
            events[0] = TokenRun.Cut(events[0], lengths, afterSeq);
        }

        return events;
    }

    public void Compact()
    {
        var runs = new Queue<MergedRun>(TokenRun.FindToStore(_events));
        var kept = new List<LoggedEvent>();
        foreach (var logged in _events)
        {
            if (!runs.TryPeek(out var run) || logged.Seq < run.From)
            {
                kept.Add(logged);
            }
            else if (logged.Seq == run.To)
            {
                kept.Add(new LoggedEvent(run.Event));
                _lengths.Add(run.To, run.Lengths);
                runs.Dequeue();
            }
        }

        _events = kept;
        Compacted = true;
    }

    public SessionEntry ToEntry() => new(() => Header)
    {
        SessionId = Header.SessionId,
        WorkflowId = Header.WorkflowId,
        Status = Status,
        LastSeq = LastSeq,
        CreatedAt = Header.CreatedAt,
        UpdatedAt = UpdatedAt,
    };

    public void Mend(string? status)
    {
        if (status is null) return;
        Status = status;
        WakeAt = null;
    }

    public SessionSummary ToSummary() => new()
    {
        SessionId = Header.SessionId,
        WorkflowId = Header.WorkflowId,
        Status = Status,
        LastSeq = LastSeq,
        CreatedAt = Header.CreatedAt,
        UpdatedAt = UpdatedAt,
    };

    private int FirstAfter(long afterSeq)
    {
        var (low, high) = (0, _events.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_events[middle].Seq <= afterSeq) low = middle + 1;
            else high = middle;
        }

        return low;
    }
}
