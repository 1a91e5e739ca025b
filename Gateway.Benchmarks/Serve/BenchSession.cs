using System.Threading.Channels;
using Gateway.Contracts;
using Gateway.Engine;
using Gateway.Log;

namespace Gateway.Benchmarks.Serve;

/// <summary>The session <c>bench</c>: appends and publishes as a session's loop does, without a model.</summary>
/// <remarks>
/// What waits when the loop wakes shares one append, like the outputs of several nodes; what comes meanwhile waits
/// for the next.
/// </remarks>
internal sealed class BenchSession(ISessionLog log, ISessionPublisher publisher, TimeProvider time) : IAsyncDisposable
{
    /// <summary>The session.</summary>
    public const string Id = "bench";

    // As a session's loop takes from its models.
    private const int EventsPerRound = 256;

    private readonly Channel<Request> _requests = Channel.CreateUnbounded<Request>(new UnboundedChannelOptions { SingleReader = true });
    private Task? _loop;
    private long _lastSeq;
    private DateTime _lastTime;

    /// <summary>Creates the session's log and starts its loop.</summary>
    public async Task StartAsync()
    {
        await log.CreateAsync(
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
        _loop = Task.Run(RunAsync);
    }

    /// <summary>Appends so many events with the same chunk; completes when they are published.</summary>
    /// <exception cref="InvalidOperationException">The session has ended.</exception>
    public Task PublishAsync(string chunk, int count)
    {
        var request = new Request(chunk, count, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        if (!_requests.Writer.TryWrite(request)) throw new InvalidOperationException("The session has ended.");
        return request.Done.Task;
    }

    /// <summary>Publishes what waits, and ends the loop.</summary>
    public async ValueTask DisposeAsync()
    {
        _requests.Writer.TryComplete();
        if (_loop is not null) await _loop;
    }

    private async Task RunAsync()
    {
        var taken = new List<Request>();
        while (await _requests.Reader.WaitToReadAsync())
        {
            var events = new List<LoggedEvent>();
            while (events.Count < EventsPerRound && _requests.Reader.TryRead(out var request))
            {
                taken.Add(request);
                for (var i = 0; i < request.Count; i++) events.Add(new LoggedEvent(Next(_lastSeq + events.Count + 1, request.Chunk)));
            }

            await PublishAsync(events, taken);
            taken.Clear();
        }
    }

    private async Task PublishAsync(List<LoggedEvent> events, List<Request> requests)
    {
        try
        {
            await log.AppendAsync(Id, _lastSeq, events, SessionStatus.Running, CancellationToken.None);
            _lastSeq += events.Count;
            publisher.Publish(events);
            foreach (var request in requests) request.Done.SetResult();
        }
        catch (StorageException exception)
        {
            // Whoever asked learns it; the next may succeed.
            foreach (var request in requests) request.Done.SetException(exception);
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

    private sealed record Request(string Chunk, int Count, TaskCompletionSource Done);
}
