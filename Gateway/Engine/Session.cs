using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Gateway.Admission;
using Gateway.Contracts;
using Gateway.Engine.Calls;
using Gateway.Log;
using Gateway.Refusals;

namespace Gateway.Engine;

/// <summary>One session: a loop that alone owns its state and alone appends to its log.</summary>
/// <remarks>
/// Each round takes the waiting commands and, unless the session is paused, what its models produced. It appends all that
/// follows from them with one call. Only then does it publish, answer the commands, and start or stop models.
/// </remarks>
internal sealed partial class Session : IAsyncDisposable
{
    private const int WaitingCommands = 256;
    private const int PiecesPerRound = 256;
    private const int MemoryFailures = 5;

    // What is counted of a session may be so far off, so that its tokens are not counted one by one.
    private const long CountedInSteps = 64 * 1024;
    private static readonly TimeSpan RestAfterMemoryFailure = TimeSpan.FromSeconds(1);

    // A timer may ring a little early, and has a longest time; then it is set again.
    private static readonly TimeSpan ShortestAlarm = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan LongestAlarm = TimeSpan.FromDays(1);

    private readonly SessionEnvironment _environment;
    private readonly ILogger _logger;
    private readonly ConversationBounds _bounds;
    private readonly Action<Session, SessionEnding> _onEnded;
    private readonly WakeSignal _wake = new();
    private readonly SnapshotDesk _snapshots = new();
    private readonly NodeCalls _calls;
    private readonly List<SessionRequest> _inHand = [];
    private readonly List<Verdict> _verdicts = [];
    private readonly Func<NodeState, ModelPiece.Usage?> _spentBy;
    private readonly List<(INodeRun Call, ModelPiece Piece)> _taken = [];
    private readonly TaskCompletionSource<bool> _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _gaveWay = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // A full channel means that commands come faster than they can be logged. Then the newest is refused.
    private readonly Channel<SessionRequest> _requests = Channel.CreateBounded<SessionRequest>(new BoundedChannelOptions(WaitingCommands) { SingleReader = true });

    private Task? _loop;
    private SessionState? _state;
    private ByteShare? _memory;
    private long _headerSize;
    private EngineInput? _opening;
    private long _published;
    private int _memoryFailures;
    private ITimer? _alarm;
    private DateTime? _alarmAt;
    private DateTime? _heldSince;
    private volatile bool _rang;
    private bool _interrupted;
    private volatile bool _isIdle;
    private volatile bool _mustLeave;
    private volatile bool _storageFailed;
    private volatile bool _retry;
    private volatile bool _stopping;
    private volatile SessionEnding _ending;

    /// <summary>A session that takes commands but does nothing until it begins.</summary>
    public Session(SessionHeader header, SessionEnvironment environment, Action<Session, SessionEnding> onEnded)
    {
        Header = header;
        _environment = environment;
        _logger = environment.Logger;
        _onEnded = onEnded;
        _bounds = new ConversationBounds(environment.Options.MaxConversationBytes, environment.Options.MaxHeldBytes);
        _calls = new NodeCalls(environment.Models, environment.Tools, environment.Places, environment.Options.MaxCalls, environment.Options.MaxAnswerBytes, environment.Time, _wake.Set);
        _spentBy = _calls.SpentBy;
    }

    /// <summary>What the session was started with.</summary>
    public SessionHeader Header { get; }

    /// <summary>Completes when it has begun; false when it gave way instead.</summary>
    public Task<bool> Begun => _begun.Task;

    /// <summary>Completes when nothing of it is at work any more.</summary>
    public Task Ended => _loop ?? _gaveWay.Task;

    /// <summary>Starts the loop on the state folded from the log.</summary>
    /// <param name="state">The fold of its log.</param>
    /// <param name="opening"><see cref="EngineInput.Start"/> or <see cref="EngineInput.Recover"/>.</param>
    /// <param name="memory">What it takes of the memory that sessions share; it gives that back when it ends.</param>
    public void Begin(SessionState state, EngineInput opening, ByteShare memory)
    {
        _state = state;
        _memory = memory;
        _headerSize = SessionSize.Of(Header);
        _published = state.LastSeq;
        _opening = opening;
        _interrupted = opening is EngineInput.Recover;
        _wake.Set();
        _loop = Task.Run(RunAsync);
        _begun.TrySetResult(true);
    }

    /// <summary>Ends a session that never began, because another one has its id.</summary>
    public void GiveWay()
    {
        Close(SessionEnding.Finished);
        _begun.TrySetResult(false);
        _gaveWay.TrySetResult();
    }

    /// <summary>Sends a command; returns once its effect is in the log.</summary>
    /// <returns>The seq at which it took effect; null when the session ended before it was considered.</returns>
    /// <exception cref="GatewayException">The command is refused.</exception>
    public async Task<long?> SendAsync(EngineInput input, CancellationToken cancellationToken)
    {
        var request = new SessionRequest(input);
        if (_requests.Writer.TryWrite(request)) _wake.Set();
        else if (_ending != SessionEnding.None) Answer(request, _ending);
        else throw new GatewayException(ErrorCode.LimitExceeded, $"Session '{Header.SessionId}' has {WaitingCommands} commands waiting already; send slower.");
        return await request.Answer.WaitAsync(cancellationToken);
    }

    /// <summary>The state at the last published event; null when the session has ended.</summary>
    /// <exception cref="GatewayException"><c>storage_unavailable</c>: it cannot be told now.</exception>
    public Task<SessionSnapshot?> SnapshotAsync(CancellationToken cancellationToken)
    {
        var snapshot = _snapshots.Ask();
        _wake.Set();
        return snapshot.WaitAsync(cancellationToken);
    }

    /// <summary>Whether a bug stopped it that could not even be written to its log.</summary>
    public bool IsBroken => _ending == SessionEnding.Broken;

    /// <summary>Whether it waits for the time of one of its nodes; asked by its own loop.</summary>
    public bool HasDue => _state?.NextDue is not null;

    /// <summary>Whether a fault of the store holds it.</summary>
    public bool NeedsStorage => _storageFailed;

    /// <summary>Lets it leave the memory at once if it only waits for somebody.</summary>
    public void LeaveIfIdle()
    {
        if (!_isIdle) return;
        _mustLeave = true;
        _wake.Set();
    }

    /// <summary>Tells that the store works again.</summary>
    public void StorageReturned()
    {
        _retry = true;
        _wake.Set();
    }

    /// <summary>Pauses for the shutdown of the gateway; returns once nothing of it is at work any more.</summary>
    public async Task StopAsync()
    {
        _stopping = true;
        _wake.Set();
        if (await Begun) await Ended;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await StopAsync();

    private async Task RunAsync()
    {
        var ending = SessionEnding.Broken;
        try
        {
            ending = await LoopAsync();
        }
        catch (LogConflictException exception)
        {
            LogConflict(exception, Header.SessionId);
            ending = SessionEnding.Conflicted;
        }
        catch (StepLimitException exception)
        {
            LogTooLarge(Header.SessionId, exception.Message);
            ending = await TryFailAsync(ErrorCode.LimitExceeded, "The session's next step takes more work than any session may take; use a workflow with fewer edges.") ? SessionEnding.Finished : SessionEnding.Broken;
        }
        catch (DamagedLogException exception)
        {
            LogDamaged(Header.SessionId, exception.Message);
            ending = await TryEndDamagedAsync(exception) ? SessionEnding.Finished : SessionEnding.Broken;
        }
        catch (Exception exception)
        {
            LogBug(exception, Header.SessionId);
            ending = await TryFailAsync(ErrorCode.InternalError, "The gateway has a bug that this session ran into; its log holds the details.") ? SessionEnding.Finished : SessionEnding.Broken;
        }
        finally
        {
            _onEnded(this, ending);
            Close(ending);
            if (_alarm is not null) await _alarm.DisposeAsync();
            await _calls.DisposeAsync();
            _state = null;
            _memory?.Dispose();
        }
    }

    private async Task<SessionEnding> LoopAsync()
    {
        while (true)
        {
            if (!CanLeave) await _wake.WaitAsync();
            else if (await IdleAsync()) return SessionEnding.Idle;
            while (true)
            {
                var stopping = _stopping;
                var more = await RoundOrRestAsync(stopping);
                if (_state is { IsFinal: true }) return SessionEnding.Finished;
                if (stopping) return SessionEnding.Stopped;
                if (!more) break;
            }
        }
    }

    // Returns true when it is to leave. Who asks something of it meanwhile is told that it is late, and brings it back.
    private async Task<bool> IdleAsync()
    {
        // Who waits for room looks for idle ones once it waits, so one of the two notices the other.
        _mustLeave = false;
        _isIdle = true;
        var isWoken = !_environment.Memory.IsShort && await _wake.WaitAsync(_environment.Options.IdleTimeout, _environment.Time);
        _isIdle = false;
        return (!isWoken || _mustLeave) && CanLeave;
    }

    // Whoever asks for memory when there is none left gets the exception, and that is seldom who took it. So the session
    // rests and goes on from its log; only one that has no memory time after time ends.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> RoundOrRestAsync(bool stopping)
    {
        try
        {
            var more = await RoundAsync(stopping);
            _memoryFailures = 0;
            return more;
        }
        catch (OutOfMemoryException exception) when (!stopping && _memoryFailures < MemoryFailures)
        {
            _memoryFailures++;
            LogNoMemory(exception, Header.SessionId);
            _state = null;
            _calls.Hold(true);
            foreach (var request in _inHand) request.Refuse(new GatewayException(ErrorCode.InternalError, $"The gateway has no memory left for session '{Header.SessionId}' at the moment; try again.", exception));
            _inHand.Clear();
            await Task.Delay(RestAfterMemoryFailure, _environment.Time);
            return true;
        }
    }

    // Nothing is at work for it, and nothing that is not in its log: it only waits for somebody.
    private bool CanLeave =>
        !_storageFailed && !_stopping && _opening is null && _calls.Active.Count == 0
        && _state is { Status: SessionStatus.Paused } state
        && (_interrupted || state.PauseReason == PauseReason.BudgetExceeded || state.Nodes.All(node => node.Work is null));

    // Returns true when there may be more to do at once.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> RoundAsync(bool stopping)
    {
        TakeRequests();
        var verdicts = _verdicts;
        verdicts.Clear();
        EventBatch batch;
        var more = false;
        try
        {
            // A store that failed is tried again when it is reported to work, or when a command comes. Trying it in a loop would hammer it.
            var retry = _retry;
            _retry = false;
            if (_storageFailed && _inHand.Count == 0 && !_snapshots.IsAsked && !stopping && !retry) return false;

            var state = _state ??= await ReloadAsync();
            batch = new EventBatch(state, _environment.Time.GetUtcNow().UtcDateTime, _spentBy);
            if (!_storageFailed || stopping || retry || _inHand.Count > 0)
            {
                Open(batch);

                // Before the commands, so that an answer that comes too late is too late, however late the timer is.
                if (HasDueCome(batch)) Scheduler.Decide(batch, new EngineInput.TimePassed());
                DecideInHand(batch, verdicts);
                if (HasMoreRounds(state)) Scheduler.Decide(batch, new EngineInput.GoOn());
                foreach (var (node, model) in _calls.FindNews(state)) Scheduler.Decide(batch, new EngineInput.PlaceAwaited(node.Id, node.Attempt, model, node.Iteration));
                ReadModels(batch);
                CheckBudgets(batch);
                if (stopping) Scheduler.Decide(batch, new EngineInput.Pause(PauseReason.ShuttingDown));

                // A batch that was full has left the models unread, and nobody else wakes the session for that.
                more = _taken.Count > 0 || batch.Size >= _environment.Options.MaxBatchBytes;
                if (batch.IsWhole)
                {
                    if (batch.Events.Count > 0) await AppendAsync(batch.Events, batch.Standing);
                }
                else
                {
                    foreach (var (events, standing) in batch.Pieces(_environment.Options.MaxBatchBytes)) await AppendAsync(events, standing);
                }

                _taken.Clear();
                if (!_storageFailed) _opening = null;
            }
        }
        catch (StorageException exception)
        {
            StorageFailed(exception);
            return false;
        }

        more |= verdicts.Count < _inHand.Count || (!_storageFailed && HasMoreRounds(batch.State));
        Count(batch.State);
        Answer(verdicts);
        _snapshots.Answer(batch.State, _storageFailed);
        if (!batch.State.IsPaused) _interrupted = false;
        if (!stopping && !_storageFailed) _calls.Reconcile(batch.State);
        SetAlarm(batch.State);

        // Who waits for a place says so in the next round.
        return more || (!stopping && !_storageFailed && _calls.FindNews(batch.State).Count > 0);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask AppendAsync(IReadOnlyList<LoggedEvent> events, SessionStanding standing)
    {
        await _environment.Log.AppendAsync(Header.SessionId, events[0].Seq - 1, events, standing, CancellationToken.None);
        _storageFailed = false;
        _heldSince = null;
        _opening = null;

        // A batch of several pieces is full without what models wrote.
        _taken.Clear();
        Publish(events);
    }

    private void Count(SessionState state)
    {
        var bytes = _headerSize + state.Characters * sizeof(char);
        if (Math.Abs(bytes - _memory!.Bytes) >= CountedInSteps) _memory.Resize(bytes);
    }

    // A decision ends after so many rounds of loops without work, so that the log, readers and commands have their turn.
    private static bool HasMoreRounds(SessionState state) => state.Status == SessionStatus.Running && state.IsDue;

    private static bool HasDueCome(EventBatch batch) =>
        batch.State is { IsPaused: false, IsFinal: false, NextDue: { } due } state && due.At <= state.ClockAt(batch.Now);

    // Once a round: calls begin after it, so none begins with a budget that is used up.
    private void CheckBudgets(EventBatch batch)
    {
        if (batch.State.Status != SessionStatus.Running || batch.State.Budgets.All.Count == 0 || _calls.AreCounted(batch.State)) return;
        Scheduler.Decide(batch, new EngineInput.CallsWentOn(_calls.UnderWay));
    }

    // Wakes the loop when the time of a node or of a budget comes.
    private void SetAlarm(SessionState state)
    {
        DateTime? at = _storageFailed || state.IsPaused || state.IsFinal || state.NextDue is not { } due ? null : state.TimeOf(due.At);
        if (!_storageFailed && state.Budgets.Due is { } soon && !(at < soon)) at = soon;
        if (at == _alarmAt && !_rang) return;
        (_alarmAt, _rang) = (at, false);
        if (at is null)
        {
            _alarm?.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            return;
        }

        var wait = at.Value - _environment.Time.GetUtcNow().UtcDateTime;
        if (wait <= TimeSpan.Zero)
        {
            Ring();
            return;
        }

        _alarm ??= _environment.Time.CreateTimer(static session => ((Session)session!).Ring(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _alarm.Change(wait > LongestAlarm ? LongestAlarm : wait > ShortestAlarm ? wait : ShortestAlarm, Timeout.InfiniteTimeSpan);
    }

    private void Ring()
    {
        _rang = true;
        _wake.Set();
    }

    private void TakeRequests()
    {
        while (_inHand.Count < WaitingCommands && _requests.Reader.TryRead(out var request)) _inHand.Add(request);
    }

    // Decides what must come before any command: the start, the recovery, the end of a fault of the store, or what is left of a resume.
    private void Open(EventBatch batch)
    {
        if (_opening is not null) Scheduler.Decide(batch, _opening);
        else if (_storageFailed) Scheduler.Decide(batch, new EngineInput.StorageReturned(_heldSince));
        else if (batch.State is { Status: SessionStatus.Running, HeldInputs.Count: > 0 }) Scheduler.Decide(batch, new EngineInput.FinishResume());
    }

    // While one session's commit is written, no other's is. So the commands after a large one wait for the next.
    private void DecideInHand(EventBatch batch, List<Verdict> verdicts)
    {
        foreach (var request in _inHand)
        {
            if (batch.Size >= _environment.Options.MaxBatchBytes) return;
            verdicts.Add(Decide(batch, request.Input));
        }
    }

    private Verdict Decide(EventBatch batch, EngineInput input)
    {
        try
        {
            if (input is EngineInput.Command command) input = command with { Interrupted = _interrupted, Bounds = _bounds };
            Scheduler.Decide(batch, input);
            return new Verdict(batch.State.LastSeq, null);
        }
        catch (GatewayException refusal)
        {
            return new Verdict(0, refusal);
        }
    }

    // Takes from each model in turn, so that no branch starves another. While the session is paused, nothing is taken from a model.
    private void ReadModels(EventBatch batch)
    {
        var more = true;
        while (more)
        {
            more = false;
            foreach (var call in _calls.Active)
            {
                if (_taken.Count == PiecesPerRound || batch.Size >= _environment.Options.MaxBatchBytes || batch.State.Status != SessionStatus.Running) return;
                if (!call.TryTake(out var piece)) continue;
                more = true;
                _taken.Add((call, piece));
                Scheduler.Decide(batch, ToInput(call.Key, piece));
            }
        }
    }

    private static EngineInput ToInput(CallKey key, ModelPiece piece) => piece switch
    {
        ModelPiece.Chunk chunk => new EngineInput.Chunk(key.Node, key.Attempt, chunk.Text, chunk.IsThinking, key.Iteration),
        ModelPiece.Usage usage => new EngineInput.Usage(key.Node, key.Attempt, usage.InputTokens, usage.OutputTokens, usage.CostUsd, usage.CostKnown, usage.IsTruncated, key.Iteration) { CachedTokens = usage.CachedTokens, ReasoningTokens = usage.ReasoningTokens },
        ModelPiece.Called called => new EngineInput.ToolsCalled(key.Node, key.Attempt, called.Calls, key.Iteration),
        ModelPiece.ToolEnded ended => new EngineInput.ToolEnded(key.Node, key.Attempt, ended.CallId, ended.Result, ended.ResultLength, ended.Code, key.Iteration),
        ModelPiece.Finished => new EngineInput.WorkFinished(key.Node, key.Attempt, key.Iteration),
        ModelPiece.Failed failed => new EngineInput.WorkFailed(key.Node, key.Attempt, failed.Code, failed.Message, key.Iteration) { MayPass = failed.MayPass, RetryAfter = failed.RetryAfter },
        _ => throw new InvalidOperationException($"A model call produced {piece}."),
    };

    private void Publish(IReadOnlyList<LoggedEvent> events)
    {
        if (events.Count == 0) return;
        _published = events[^1].Seq;
        _environment.Publisher.Publish(events);
        foreach (var logged in events) LogLifeEvent(logged.Event);
    }

    // Those that were not decided about are left for the next round.
    private void Answer(List<Verdict> verdicts)
    {
        for (var i = 0; i < verdicts.Count; i++)
        {
            if (verdicts[i].Refusal is { } refusal) _inHand[i].Refuse(refusal);
            else _inHand[i].Done(verdicts[i].Seq);
        }

        _inHand.RemoveRange(0, verdicts.Count);
    }

    // The state ran ahead of the log, so it is folded from the log before it is used again. The models' pieces wait in _taken
    // until that fold has shown whether the failed append was committed after all.
    private void StorageFailed(StorageException exception)
    {
        LogStorageFailed(exception, Header.SessionId);
        _storageFailed = true;
        _heldSince ??= _environment.Time.GetUtcNow().UtcDateTime;
        _state = null;
        _calls.Hold(true);
        var refusal = StorageRefusal.Create(exception);
        _snapshots.Refuse(refusal);
        foreach (var request in _inHand) request.Refuse(refusal);
        _inHand.Clear();
    }

    private async Task<SessionState> ReloadAsync()
    {
        var state = await LogFold.LoadAsync(_environment.Log, Header, _environment.Kinds, CancellationToken.None);
        if (state.LastSeq == _published)
        {
            for (var i = _taken.Count - 1; i >= 0; i--) _taken[i].Call.PutBack(_taken[i].Piece);
        }

        _taken.Clear();

        // What was to come first has been committed although its append was reported as failed.
        if (state.LastSeq > _published) _opening = null;
        while (_published < state.LastSeq)
        {
            var committed = await _environment.Log.ReadAsync(Header.SessionId, _published, PiecesPerRound, CancellationToken.None);

            // The session has been deleted meanwhile, so nobody is left to be told.
            if (committed.Count == 0) break;
            Publish(committed);
        }

        return state;
    }

    // The last thing that a session with a bug does is to end as failed and to say why.
    private async Task<bool> TryFailAsync(string code, string sentence)
    {
        try
        {
            _taken.Clear();
            _state = await ReloadAsync();
            if (_state.IsFinal) return true;

            var batch = new EventBatch(_state, _environment.Time.GetUtcNow().UtcDateTime);
            Scheduler.Decide(batch, new EngineInput.Fail(code, sentence));
            await _environment.Log.AppendAsync(Header.SessionId, batch.LastSeqBefore, batch.Events, _state.Status, CancellationToken.None);
            Publish(batch.Events);
            return true;
        }
        catch (Exception exception)
        {
            LogCannotFail(exception, Header.SessionId);
            return false;
        }
    }

    // Another program changed the log, so the session cannot go on from the state it has.
    private async Task<bool> TryEndDamagedAsync(DamagedLogException damage)
    {
        try
        {
            await DamagedLog.EndAsync(_environment, Header.SessionId, damage, CancellationToken.None);
            return true;
        }
        catch (Exception exception)
        {
            LogCannotFail(exception, Header.SessionId);
            return false;
        }
    }

    private void Close(SessionEnding ending)
    {
        _ending = ending;
        _requests.Writer.TryComplete();
        _snapshots.Close();
        foreach (var request in _inHand) Answer(request, ending);
        while (_requests.Reader.TryRead(out var request)) Answer(request, ending);
    }

    private void Answer(SessionRequest request, SessionEnding ending)
    {
        switch (ending)
        {
            case SessionEnding.Stopped:
                request.Refuse(new GatewayException(ErrorCode.ShuttingDown, "The gateway is shutting down; the session goes on when it is back."));
                break;
            case SessionEnding.Conflicted:
                request.Refuse(new GatewayException(ErrorCode.StorageUnavailable, $"Another gateway writes the log of session '{Header.SessionId}'; ask that one."));
                break;
            case SessionEnding.Broken:
                request.Refuse(new GatewayException(ErrorCode.InternalError, $"Session '{Header.SessionId}' stopped at a bug in the gateway; its log holds the details."));
                break;
            default:
                request.Late();
                break;
        }
    }

    // What a command is answered with once the round is in the log. Its effect ends with the last event of the batch so far.
    private readonly record struct Verdict(long Seq, GatewayException? Refusal);
}
