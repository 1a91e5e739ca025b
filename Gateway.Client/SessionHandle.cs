using System.Text.Json;
using Gateway.Client.Stores;
using Gateway.Contracts;

namespace Gateway.Client;

/// <summary>One session: read it, steer it, wait for its end.</summary>
/// <remarks>
/// <para>All members may be called from any thread. A handle costs nothing until it is used; any number may stand for one session.</para>
/// <para><see cref="State"/>, <see cref="Completion"/> and <see cref="ReachedAsync"/> read the session behind the scenes, from the first time that
/// one of them is asked until its end, or until the handle is disposed. The session itself goes on whatever becomes of its handles.</para>
/// <para>Commands answer with the seq at which they took effect: who has read that event has seen what the command did.</para>
/// </remarks>
/// <example>
/// <code>
/// var session = await client.StartAsync("council-debate", "Should code be law?");
/// await session.ReachedAsync(await session.PauseAsync());
/// await session.ResumeAsync();
/// var end = await session.Completion;
/// </code>
/// </example>
public sealed class SessionHandle : IDisposable
{
    private readonly GatewayClient _client;
    private readonly Lock _gate = new();
    private readonly WorkflowRunStore _run = new();
    private readonly List<(long Seq, TaskCompletionSource Reached)> _waiting = [];
    private readonly CancellationTokenSource _left = new();
    private TaskCompletionSource<ExecutionCompleted>? _completion;
    private SessionState? _state;
    private bool _disposed;

    internal SessionHandle(GatewayClient client, string id, long? startSeq)
    {
        _client = client;
        Id = id;
        StartSeq = startSeq;
    }

    /// <summary>The session.</summary>
    public string Id { get; }

    /// <summary>The seq at which its start took effect; null for a handle of a session that existed already. In a fork, what comes before it is shared.</summary>
    public long? StartSeq { get; }

    /// <summary>Its events from the first to the last; each enumeration is a reader of its own.</summary>
    public IAsyncEnumerable<SessionEvent> Events => EventsAfter(0);

    /// <summary>Where the session stands, as far as its events have been read; at first, what is true of every new session.</summary>
    public SessionState State
    {
        get
        {
            FollowIfNotYet();
            lock (_gate) return _state ??= SessionState.Of(Id, _run);
        }
    }

    /// <summary>Completes with the session's end; fails when that cannot be read, such as for a session that does not exist.</summary>
    /// <remarks>After a failure, the next time it is asked for it goes on from the last event that was read.</remarks>
    public Task<ExecutionCompleted> Completion => FollowIfNotYet().Task;

    /// <summary>Its events after a seq; see <see cref="GatewayClient.ReadEventsAsync"/>.</summary>
    public IAsyncEnumerable<SessionEvent> EventsAfter(long seq) => _client.ReadEventsAsync(Id, seq);

    /// <summary>Waits until <see cref="State"/> includes an event, such as that of one's own command.</summary>
    /// <exception cref="GatewayClientException">The session cannot be read.</exception>
    public Task ReachedAsync(long seq, CancellationToken cancellationToken = default)
    {
        FollowIfNotYet();
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (_run.LastSeq >= seq) return Task.CompletedTask;
            if (_completion!.Task is { IsCompleted: true } over) return over;
            _waiting.Add((seq, reached));
        }

        return reached.Task.WaitAsync(cancellationToken);
    }

    /// <inheritdoc cref="GatewayClient.PauseAsync"/>
    /// <returns>The seq at which it took effect.</returns>
    public Task<long> PauseAsync(CancellationToken cancellationToken = default) => SeqAsync(_client.PauseAsync(Id, cancellationToken));

    /// <inheritdoc cref="GatewayClient.ResumeAsync"/>
    /// <returns>The seq at which it took effect.</returns>
    public Task<long> ResumeAsync(CancellationToken cancellationToken = default) => SeqAsync(_client.ResumeAsync(Id, cancellationToken));

    /// <inheritdoc cref="GatewayClient.CancelAsync"/>
    /// <returns>The seq at which it took effect.</returns>
    public Task<long> CancelAsync(CancellationToken cancellationToken = default) => SeqAsync(_client.CancelAsync(Id, cancellationToken));

    /// <summary>Answers an open prompt, or says something to the whole session.</summary>
    /// <param name="content">What is said; not empty.</param>
    /// <param name="promptId">The prompt it answers; null: the one that waits longest, if any.</param>
    /// <param name="nodeId">The node whose prompt it answers, instead of <paramref name="promptId"/>.</param>
    /// <param name="cancellationToken">Stops the waiting; the words may have been taken.</param>
    /// <returns>The seq at which it took effect.</returns>
    /// <exception cref="GatewayClientException">The gateway refused, or its answer was lost.</exception>
    public Task<long> InputAsync(string content, string? promptId = null, string? nodeId = null, CancellationToken cancellationToken = default) =>
        SeqAsync(_client.UserInputAsync(Id, content, promptId, nodeId, cancellationToken));

    /// <summary>Answers a prompt that has actions or a schema.</summary>
    /// <param name="promptId">The prompt.</param>
    /// <param name="action">The id of the action that is chosen; null where the prompt has none.</param>
    /// <param name="data">The answer as JSON, which fits the prompt's schema; null when there is none.</param>
    /// <param name="content">Words about it, or in its place; null when there are none.</param>
    /// <param name="cancellationToken">Stops the waiting; the answer may have been taken.</param>
    /// <returns>The seq at which it took effect.</returns>
    /// <exception cref="GatewayClientException">The gateway refused, or its answer was lost.</exception>
    public Task<long> AnswerAsync(string promptId, string? action, JsonElement? data = null, string? content = null, CancellationToken cancellationToken = default) =>
        SeqAsync(_client.AnswerAsync(Id, promptId, action, data, content, cancellationToken));

    /// <summary>Says something to the whole session, whatever prompt is open.</summary>
    /// <returns>The seq at which it took effect.</returns>
    /// <exception cref="GatewayClientException">The gateway refused, or its answer was lost.</exception>
    public Task<long> RemarkAsync(string content, CancellationToken cancellationToken = default) => SeqAsync(_client.RemarkAsync(Id, content, cancellationToken));

    /// <summary>Starts a session that shares this one's history up to an event, and goes on differently; this one stays as it is.</summary>
    /// <param name="afterSeq">The last event that both share; null: the last there is before the end.</param>
    /// <param name="input">What the agents work on from here; null: the same. For more than a text, see <see cref="GatewayClient.ForkAsync"/>.</param>
    /// <param name="edits">What is different in the workflow from here on; null: nothing.</param>
    /// <param name="cancellationToken">Stops the waiting; the session may have been started.</param>
    /// <returns>The new session, with the history in its events.</returns>
    /// <exception cref="GatewayClientException">The gateway refused, such as with <c>seq_out_of_range</c> or <c>invalid_workflow</c>.</exception>
    public Task<SessionHandle> ForkAsync(long? afterSeq = null, string? input = null, ForkEdits? edits = null, CancellationToken cancellationToken = default) =>
        _client.ForkAsync(
            new ForkSession
            {
                SourceSessionId = Id,
                AfterSeq = afterSeq,
                Input = input is null ? null : JsonSerializer.SerializeToElement(input, ContractsJson.Wire.String),
                Edits = edits,
            },
            cancellationToken);

    /// <summary>Tries this session, which has failed, again in a new one that shares its history up to the failure.</summary>
    /// <returns>The new session, with the history in its events.</returns>
    /// <exception cref="GatewayClientException">The gateway refused, such as with <c>session_not_failed</c>.</exception>
    public Task<SessionHandle> RetryAsync(CancellationToken cancellationToken = default) => _client.RetryAsync(new RetrySession { SourceSessionId = Id }, cancellationToken);

    /// <summary>Ends the reading behind <see cref="State"/> and <see cref="Completion"/>; what waits on them is cancelled.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_disposed) return;
            _disposed = true;
        }

        _left.Cancel();
        _left.Dispose();
    }

    /// <inheritdoc/>
    public override string ToString() => Id;

    // A gateway that is too old to tell the seq answers without one; its events are then all there is to go by.
    private static async Task<long> SeqAsync(Task<SessionAck> command) => (await command.ConfigureAwait(false)).Seq ?? 0;

    private TaskCompletionSource<ExecutionCompleted> FollowIfNotYet()
    {
        lock (_gate)
        {
            if (_completion is { Task: { IsFaulted: false } }) return _completion;
            ObjectDisposedException.ThrowIf(_disposed, this);
            var completion = new TaskCompletionSource<ExecutionCompleted>(TaskCreationOptions.RunContinuationsAsynchronously);
            _completion = completion;
            var token = _left.Token;
            _ = Task.Run(() => FollowAsync(completion, token), CancellationToken.None);
            return completion;
        }
    }

    private async Task FollowAsync(TaskCompletionSource<ExecutionCompleted> completion, CancellationToken left)
    {
        try
        {
            await foreach (var sessionEvent in _client.ReadEventsAsync(Id, Read(), left).ConfigureAwait(false))
            {
                Apply(sessionEvent);
                if (sessionEvent is SessionEvent<ExecutionCompleted> { Data: var end }) completion.TrySetResult(end);
            }

            completion.TrySetException(new GatewayClientException(ClientErrorCode.EventsMissing, $"The events of session '{Id}' ended without its end."));
        }
        catch (OperationCanceledException) when (left.IsCancellationRequested)
        {
            completion.TrySetCanceled(left);
        }
        catch (Exception e)
        {
            completion.TrySetException(e);

            // Reading the exception marks it as observed: it is in order that nobody waits for the end.
            _ = completion.Task.Exception;
        }

        Release(completion.Task);
    }

    private long Read()
    {
        lock (_gate) return _run.LastSeq;
    }

    private void Apply(SessionEvent sessionEvent)
    {
        List<TaskCompletionSource>? reached = null;
        lock (_gate)
        {
            _run.Apply(sessionEvent);
            _state = null;
            for (var i = _waiting.Count - 1; i >= 0; i--)
            {
                if (_waiting[i].Seq > _run.LastSeq) continue;
                (reached ??= []).Add(_waiting[i].Reached);
                _waiting.RemoveAt(i);
            }
        }

        foreach (var signal in reached ?? []) signal.TrySetResult();
    }

    // Nothing more comes: what waits for an event that is not there waits no longer.
    private void Release(Task<ExecutionCompleted> over)
    {
        List<TaskCompletionSource> left;
        lock (_gate)
        {
            left = [.. _waiting.Select(waiting => waiting.Reached)];
            _waiting.Clear();
        }

        foreach (var signal in left)
        {
            if (over.IsFaulted) signal.TrySetException(over.Exception.InnerExceptions);
            else if (over.IsCanceled) signal.TrySetCanceled();
            else signal.TrySetResult();
        }
    }
}
