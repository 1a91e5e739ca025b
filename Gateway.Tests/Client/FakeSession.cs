using Gateway.Contracts;

namespace Gateway.Tests.Client;

/// <summary>The log of one session of the fake gateway; outlives its servers.</summary>
internal sealed class FakeSession(string id)
{
    private static readonly DateTime Began = new(2026, 11, 22, 10, 0, 0, DateTimeKind.Utc);

    private readonly Lock _gate = new();
    private readonly List<SessionEvent> _events = [];
    private TaskCompletionSource _grown = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Id { get; } = id;

    public IReadOnlyList<SessionEvent> Events
    {
        get
        {
            lock (_gate) return [.. _events];
        }
    }

    public long LastSeq
    {
        get
        {
            lock (_gate) return _events.Count == 0 ? 0 : _events[^1].Seq;
        }
    }

    public FakeSession Say(string chunk) => Append(new TokenStream { SessionId = Id, NodeId = "n", AgentId = "a", Chunk = chunk, IsThinking = false });

    public FakeSession Say(int count)
    {
        for (var i = 0; i < count; i++) Say($"word {i} ");
        return this;
    }

    public FakeSession End() => Append(new ExecutionCompleted { SessionId = Id, Status = SessionStatus.Completed, Output = "done", Totals = Totals.Zero });

    public FakeSession Append<TData>(TData data)
        where TData : class, IEventData
    {
        lock (_gate)
        {
            var seq = (_events.Count == 0 ? 0 : _events[^1].Seq) + 1;
            AddLocked(new SessionEvent<TData> { Seq = seq, Timestamp = Began.AddTicks(seq), NodeId = data.NodeId, Data = data });
        }

        return this;
    }

    public FakeSession AppendMerged(long from, long to, string chunk)
    {
        var data = new TokenStream { SessionId = Id, NodeId = "n", AgentId = "a", Chunk = chunk, IsThinking = false };
        lock (_gate)
        {
            AddLocked(new SessionEvent<TokenStream> { Seq = to, MergedFrom = from, Timestamp = Began.AddTicks(to), NodeId = "n", Data = data });
        }

        return this;
    }

    /// <summary>Appends one event that stands for a run of so many, as a compacted log has them; it is cut where a reader asks for the rest.</summary>
    public FakeSession SayRun(int count)
    {
        lock (_gate)
        {
            var from = (_events.Count == 0 ? 0 : _events[^1].Seq) + 1;
            AddLocked(Run(from, from + count - 1));
        }

        return this;
    }

    /// <summary>The first event after a seq, or what to wait on for it.</summary>
    public (SessionEvent? Event, Task Grown) After(long seq)
    {
        lock (_gate)
        {
            // Without merged events an event's place is its seq.
            var index = (int)Math.Min(seq, _events.Count);
            while (index > 0 && _events[index - 1].Seq > seq) index--;
            var next = index < _events.Count ? _events[index] : null;
            return (next?.MergedFrom <= seq ? Run(seq + 1, next.Seq) : next, _grown.Task);
        }
    }

    /// <summary>What <see cref="SayRun"/> says from one seq to another.</summary>
    public static string RunText(long from, long to) => string.Concat(Enumerable.Range((int)from, (int)(to - from + 1)).Select(i => $"word {i} "));

    private SessionEvent<TokenStream> Run(long from, long to) => new()
    {
        Seq = to,
        MergedFrom = from == to ? null : from,
        Timestamp = Began.AddTicks(to),
        NodeId = "n",
        Data = new TokenStream { SessionId = Id, NodeId = "n", AgentId = "a", Chunk = RunText(from, to), IsThinking = false },
    };

    private void AddLocked(SessionEvent sessionEvent)
    {
        _events.Add(sessionEvent);
        _grown.TrySetResult();
        _grown = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
