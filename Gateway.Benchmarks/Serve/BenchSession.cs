using Gateway.Contracts;
using Gateway.Delivery;
using Gateway.Log;

namespace Gateway.Benchmarks.Serve;

/// <summary>The session <c>bench</c>: appends and publishes as a session's loop does, without a model.</summary>
/// <remarks>Requests that arrive while an append is under way share the next one, like the outputs of several nodes.</remarks>
internal sealed class BenchSession(ISessionLog log, ISessionPublisher publisher, TimeProvider time)
{
    private const string Id = "bench";

    private readonly Lock _gate = new();
    private List<(string Chunk, int Count, TaskCompletionSource Done)> _waiting = [];
    private bool _running;
    private long _lastSeq;
    private DateTime _lastTime;

    /// <summary>Creates the session's log.</summary>
    public Task CreateAsync() => log.CreateAsync(
        new SessionHeader
        {
            SessionId = Id,
            WorkflowId = Id,
            Workflow = new WorkflowDefinition { Id = Id },
            Input = string.Empty,
            Fingerprint = string.Empty,
            CreatedAt = time.GetUtcNow().UtcDateTime,
        },
        CancellationToken.None);

    /// <summary>Appends so many events with the same chunk; completes when they are published.</summary>
    public Task PublishAsync(string chunk, int count)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            _waiting.Add((chunk, count, done));
            if (_running) return done.Task;
            _running = true;
        }

        _ = RunAsync();
        return done.Task;
    }

    private async Task RunAsync()
    {
        while (true)
        {
            List<(string Chunk, int Count, TaskCompletionSource Done)> batch;
            lock (_gate)
            {
                if (_waiting.Count == 0)
                {
                    _running = false;
                    return;
                }

                batch = _waiting;
                _waiting = [];
            }

            var events = new List<SessionEvent>();
            foreach (var (chunk, count, _) in batch)
            {
                for (var i = 0; i < count; i++) events.Add(Next(_lastSeq + events.Count + 1, chunk));
            }

            await log.AppendAsync(Id, _lastSeq, events, SessionStatus.Running, CancellationToken.None);
            _lastSeq += events.Count;
            publisher.Publish(events);
            foreach (var (_, _, done) in batch) done.SetResult();
        }
    }

    private SessionEvent<TokenStream> Next(long seq, string chunk)
    {
        var now = time.GetUtcNow().UtcDateTime;
        _lastTime = now > _lastTime ? now : _lastTime.AddTicks(1);
        return new SessionEvent<TokenStream>
        {
            Seq = seq,
            Timestamp = _lastTime,
            NodeId = "agent-1",
            Data = new TokenStream { SessionId = Id, NodeId = "agent-1", AgentId = "a1", Chunk = chunk, IsThinking = false },
        };
    }
}
