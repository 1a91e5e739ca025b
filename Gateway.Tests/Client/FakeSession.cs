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

    /// <summary>The first event after a seq, or what to wait on for it.</summary>
    public (SessionEvent? Event, Task Grown) After(long seq)
    {
        lock (_gate)
        {
            // Without merged events an event's place is its seq.
            var index = (int)Math.Min(seq, _events.Count);
            while (index > 0 && _events[index - 1].Seq > seq) index--;
            return (index < _events.Count ? _events[index] : null, _grown.Task);
        }
    }

    private void AddLocked(SessionEvent sessionEvent)
    {
        _events.Add(sessionEvent);
        _grown.TrySetResult();
        _grown = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
