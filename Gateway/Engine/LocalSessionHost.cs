using System.Collections.Concurrent;
using Gateway.Admission;
using Gateway.Contracts;
using Gateway.Log;
using Gateway.Models;
using Gateway.Refusals;
using Gateway.Tools;
using Microsoft.Extensions.Options;

namespace Gateway.Engine;

/// <summary>Runs sessions in this process, one loop each.</summary>
/// <remarks>The dictionary holds the sessions that are alive here; every other session is known from its log alone.</remarks>
internal sealed partial class LocalSessionHost : ISessionHost, IAsyncDisposable
{
    private const int RecoveredAtOnce = 8;
    private const int ReadAtOnce = 4;

    private readonly ConcurrentDictionary<string, Session> _sessions = new(StringComparer.Ordinal);

    // Before a log has been read nobody knows how much of it there is.
    private readonly SemaphoreSlim _reading = new(Math.Max(ReadAtOnce, Environment.ProcessorCount));
    private readonly SnapshotCache _snapshots;
    private readonly SessionEnvironment _environment;
    private readonly ILogger<LocalSessionHost> _logger;
    private volatile bool _stopping;
    private volatile bool _recoveryFailed;
    private volatile bool _recovering;

    /// <summary>A host without sessions; <see cref="RecoverAsync"/> recovers those of an earlier process.</summary>
    public LocalSessionHost(ISessionLog log, ISessionPublisher publisher, IModelCatalog models, NodeKinds kinds, IOptions<SessionsOptions> options, TimeProvider time, ILoggerFactory loggers, IToolCatalog? tools = null)
    {
        _environment = new SessionEnvironment(log, publisher, models, kinds, options.Value, new SessionMemory(options.Value.MaxMemoryBytes, time, Relieve), new CallPlaces(options.Value.MaxCallsPerModel, time), tools ?? NoTools.Instance, time, loggers.CreateLogger<Session>());
        _snapshots = new SnapshotCache(options.Value.MaxCachedSnapshotBytes ?? SnapshotCache.ByDefault(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes));
        _logger = loggers.CreateLogger<LocalSessionHost>();
    }

    /// <summary>The calls of models of all sessions.</summary>
    internal CallPlaces Places => _environment.Places;

    /// <summary>How many sessions are alive in this process.</summary>
    public int LiveSessions => _sessions.Count;

    /// <summary>What they take together, roughly, in bytes.</summary>
    internal long LiveBytes => _environment.Memory.Used;

    /// <inheritdoc/>
    public async Task<long> StartAsync(SessionHeader header, CancellationToken cancellationToken)
    {
        var state = new SessionState(header, _environment.Kinds);
        while (true)
        {
            RefuseWhenStopping();
            var mine = Create(header);
            var live = _sessions.GetOrAdd(header.SessionId, mine);
            if (ReferenceEquals(live, mine)) return await StartAsync(mine, state, cancellationToken);

            // A start that races with this one may not have reached the log yet. Whether it does decides about this one.
            if (!await live.Begun.WaitAsync(cancellationToken)) continue;
            RequireSameContent(header, live.Header);
            return await live.SendAsync(new EngineInput.Start(), cancellationToken) ?? await LastSeqAsync(header.SessionId, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public async Task<long?> FindStartedAsync(string sessionId, string fingerprint, CancellationToken cancellationToken)
    {
        try
        {
            return await _environment.Log.FindAsync(sessionId, cancellationToken) is { } entry && entry.Header.Fingerprint == fingerprint ? entry.LastSeq : null;
        }
        catch (StorageException exception)
        {
            throw StorageRefusal.Create(exception);
        }
    }

    /// <inheritdoc/>
    public async Task<long> SendAsync(string sessionId, ISessionCommand command, string? by, CancellationToken cancellationToken)
    {
        using var room = command is UserInput said ? await _environment.Memory.TakeForWordsAsync((said.Content?.Length ?? 0) + JsonLimits.SizeOf(said.Data), cancellationToken) : null;
        return await SendAsync(sessionId, new EngineInput.Command(command) { By = by }, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<SessionSnapshot> GetSnapshotAsync(string sessionId, CancellationToken cancellationToken)
    {
        if (_sessions.TryGetValue(sessionId, out var live) && await live.SnapshotAsync(cancellationToken) is { } snapshot) return snapshot;

        var entry = await FindAsync(sessionId, cancellationToken);
        return await _snapshots.GetAsync(entry, () => FoldAsync(entry), cancellationToken);
    }

    // What is damaged may be mended by whoever restores the file, so it is looked at each time.
    private async Task<(SessionSnapshot Snapshot, bool Keep)> FoldAsync(SessionEntry entry)
    {
        await _reading.WaitAsync();
        try
        {
            var (state, damage) = await LogFold.TryLoadAsync(_environment.Log, entry, _environment.Kinds, CancellationToken.None);
            return damage is null ? (state!.ToSnapshot(), state.LastSeq == entry.LastSeq) : (DamagedLog.Snapshot(entry, state, damage), false);
        }
        catch (StorageException exception)
        {
            throw StorageRefusal.Create(exception);
        }
        finally
        {
            _reading.Release();
        }
    }

    /// <summary>Whether unfinished sessions of an earlier process have not been recovered yet.</summary>
    internal bool IsRecoveryPending => !_stopping && (_recovering || _recoveryFailed);

    /// <summary>Whether that is so because the store does not work.</summary>
    internal bool IsRecoveryHeld => _recoveryFailed;

    /// <summary>Tells that a recovery is about to come; until it is over, the recovery is pending.</summary>
    internal void ExpectRecovery() => _recovering = true;

    /// <summary>Whether a fault of the store holds sessions.</summary>
    internal bool NeedsStorage => !_stopping && (_recoveryFailed || _sessions.Values.Any(session => session.NeedsStorage));

    /// <summary>Goes on with the sessions that a fault of the store holds.</summary>
    internal Task StorageReturnedAsync(CancellationToken cancellationToken)
    {
        foreach (var session in _sessions.Values)
        {
            if (session.NeedsStorage) session.StorageReturned();
        }

        return _recoveryFailed ? RecoverAsync(cancellationToken) : Task.CompletedTask;
    }

    /// <summary>Goes on with every session that an earlier process left unfinished.</summary>
    /// <remarks>
    /// One that cannot be read is ended as failed and does not stop the others. One that only waits for somebody is left in
    /// its log until somebody asks something of it.
    /// </remarks>
    public async Task RecoverAsync(CancellationToken cancellationToken)
    {
        try
        {
            await RecoverAllAsync(cancellationToken);
        }
        finally
        {
            _recovering = false;
        }
    }

    private async Task RecoverAllAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<string> unfinished;
        try
        {
            unfinished = await _environment.Log.ListUnfinishedAsync(cancellationToken);
        }
        catch (StorageException exception)
        {
            // The recovery is tried again when the store works. The first command for a session recovers it, too.
            _recoveryFailed = true;
            LogCannotList(exception);
            return;
        }

        var (recovered, failed) = (0, false);
        await Parallel.ForEachAsync(
            unfinished,
            new ParallelOptions { MaxDegreeOfParallelism = RecoveredAtOnce, CancellationToken = cancellationToken },
            async (sessionId, token) =>
            {
                try
                {
                    if (await RecoverOneAsync(sessionId, token)) Interlocked.Increment(ref recovered);
                }
                catch (StorageException exception)
                {
                    Volatile.Write(ref failed, true);
                    LogCannotRecoverYet(sessionId, exception.Message);
                }
                catch (Exception exception) when (exception is not OperationCanceledException)
                {
                    LogCannotRecover(exception, sessionId);
                }
            });
        _recoveryFailed = failed;
        if (recovered > 0) LogRecovered(recovered);
    }

    /// <summary>Set when a session has left the memory whose nodes have a time.</summary>
    internal WakeSignal Slept { get; } = new();

    /// <summary>Brings back every session that is not in memory and whose time has come; the session then acts on that by itself.</summary>
    /// <returns>The time, UTC, to look again; null when nothing has a time.</returns>
    /// <exception cref="StorageException">The store does not work; some may not be back.</exception>
    internal async Task<DateTime?> WakeDueAsync(CancellationToken cancellationToken)
    {
        var now = _environment.Time.GetUtcNow().UtcDateTime;
        await Parallel.ForEachAsync(
            await _environment.Log.ListDueAsync(now, cancellationToken),
            new ParallelOptions { MaxDegreeOfParallelism = RecoveredAtOnce, CancellationToken = cancellationToken },
            async (sessionId, token) =>
            {
                try
                {
                    if (_sessions.ContainsKey(sessionId) || await _environment.Log.FindAsync(sessionId, token) is not { } entry) return;
                    await RestoreAsync(entry, needsRoom: false, token);
                }
                catch (Exception exception) when (exception is not (OperationCanceledException or StorageException))
                {
                    LogCannotRecover(exception, sessionId);
                }
            });
        return await _environment.Log.FindNextDueAsync(now, cancellationToken);
    }

    /// <summary>Pauses all sessions for a shutdown; afterwards no session starts here.</summary>
    /// <returns>Once all models have been let go, or after <paramref name="timeout"/>.</returns>
    public async Task StopAsync(TimeSpan timeout)
    {
        _stopping = true;
        var stopping = _sessions.Values.Select(session => session.StopAsync()).ToList();
        try
        {
            await Task.WhenAll(stopping).WaitAsync(timeout, _environment.Time);
        }
        catch (TimeoutException)
        {
            LogStopTimedOut(stopping.Count(task => !task.IsCompleted), timeout);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync(TimeSpan.FromSeconds(5));
        _environment.Places.Dispose();
    }

    private async Task<long> StartAsync(Session session, SessionState state, CancellationToken cancellationToken)
    {
        SessionHeader? existing;
        ByteShare? memory = null;
        try
        {
            // A stop that does not see this session has set its flag before this check, so one of the two notices the other.
            RefuseWhenStopping();
            await RequireRoomAsync(session.Header.SessionId, cancellationToken);
            var size = SessionSize.Of(session.Header);
            memory = await _environment.Memory.TryTakeAsync(size, cancellationToken) ?? (await IsThereAsync(session.Header.SessionId, cancellationToken) ? _environment.Memory.TakeAnyway(size) : throw _environment.Memory.Refuse());
            existing = await _environment.Log.CreateAsync(session.Header, CancellationToken.None);
        }
        catch (Exception exception)
        {
            memory?.Dispose();
            GiveWay(session);
            if (exception is DamagedLogException) throw new GatewayException(ErrorCode.SessionExists, $"Session '{session.Header.SessionId}' exists, and its log is damaged; delete it or choose another session_id.");
            if (exception is not StorageException storage) throw;
            throw StorageRefusal.Create(storage);
        }

        if (existing is not null)
        {
            memory.Dispose();
            GiveWay(session);
            RequireSameContent(session.Header, existing);
            return await LastSeqAsync(session.Header.SessionId, cancellationToken);
        }

        if (session.Header.ForkedFrom is { Seq: > 0 })
        {
            try
            {
                state = await CopyHistoryAsync(session.Header, 0);
            }
            catch (Exception exception)
            {
                memory.Dispose();
                GiveWay(session);
                if (exception is not StorageException failed) throw;
                throw StorageRefusal.Create(failed);
            }
        }

        session.Begin(state, new EngineInput.Start(), memory);
        return await session.SendAsync(new EngineInput.Start(), cancellationToken) ?? await LastSeqAsync(session.Header.SessionId, cancellationToken);
    }

    // A fork without its history is none. What was broken off by a fault of the store is completed when the session is brought back.
    private async Task<SessionState> CopyHistoryAsync(SessionHeader header, long lastSeq)
    {
        try
        {
            await ForkCopy.CompleteAsync(_environment.Log, header, lastSeq);
            var state = await LogFold.LoadAsync(_environment.Log, header, _environment.Kinds, CancellationToken.None);
            _environment.Kinds.RequireAll(state);
            return state;
        }
        catch (Exception exception) when (exception is GatewayException or DamagedLogException)
        {
            await _environment.Log.DeleteAsync(header.SessionId, CancellationToken.None);
            throw;
        }
    }

    private async Task<long> SendAsync(string sessionId, EngineInput input, CancellationToken cancellationToken)
    {
        while (true)
        {
            var isCancel = input is EngineInput.Command { Asked: CancelSession };
            if (_sessions.TryGetValue(sessionId, out var live) && !(isCancel && live.IsBroken) && await live.SendAsync(input, cancellationToken) is { } seq) return seq;

            var entry = await FindAsync(sessionId, cancellationToken);
            if (SessionStatus.IsFinal(entry.Status))
            {
                Scheduler.RefuseFinished(sessionId, entry.Status, input);
                return entry.LastSeq;
            }

            RefuseWhenStopping();
            try
            {
                if (isCancel && live is { IsBroken: true }) await EndByForceAsync(entry, cancellationToken);
                else await RestoreAsync(entry, needsRoom: input is EngineInput.Command { Asked: UserInput or ResumeSession }, cancellationToken);
            }
            catch (StorageException exception)
            {
                throw StorageRefusal.Create(exception);
            }
            catch (Exception) when (isCancel && !cancellationToken.IsCancellationRequested && !_sessions.ContainsKey(sessionId))
            {
                await EndByForceAsync(entry, cancellationToken);
            }
        }
    }

    // Ends a session that can neither run nor be asked to end, so that it can be deleted.
    private async Task EndByForceAsync(SessionEntry entry, CancellationToken cancellationToken)
    {
        try
        {
            var state = await LogFold.LoadAsync(_environment.Log, entry.Header, _environment.Kinds, cancellationToken);
            if (!state.IsFinal)
            {
                var batch = new EventBatch(state, _environment.Time.GetUtcNow().UtcDateTime);
                Progress.End(batch, SessionStatus.Cancelled);
                await _environment.Log.AppendAsync(entry.SessionId, batch.LastSeqBefore, batch.Events, state.Status, CancellationToken.None);
                _environment.Publisher.Publish(batch.Events);
                LogEndedByForce(entry.SessionId);
            }
        }
        catch (DamagedLogException exception)
        {
            await FailDamagedAsync(entry.SessionId, exception, cancellationToken);
        }
        catch (LogConflictException)
        {
            // Another command has ended it at the same moment; what has become of it is looked at again.
        }
        catch (StorageException exception)
        {
            throw StorageRefusal.Create(exception);
        }

        if (_sessions.TryGetValue(entry.SessionId, out var broken) && broken.IsBroken) _sessions.TryRemove(KeyValuePair.Create(entry.SessionId, broken));
    }

    // Returns true when this call made the session go on.
    private async Task<bool> RecoverOneAsync(string sessionId, CancellationToken cancellationToken)
    {
        if (_sessions.ContainsKey(sessionId) || await _environment.Log.FindAsync(sessionId, cancellationToken) is not { } entry) return false;
        if (await WaitsForSomebodyAsync(entry, cancellationToken)) return false;
        await RestoreAsync(entry, needsRoom: false, cancellationToken);
        return _sessions.ContainsKey(sessionId);
    }

    // The last event of a session that stands still says why, whatever words were held meanwhile.
    private async Task<bool> WaitsForSomebodyAsync(SessionEntry entry, CancellationToken cancellationToken)
    {
        if (entry.Status != SessionStatus.Paused || entry.LastSeq == 0) return false;
        try
        {
            var last = await _environment.Log.ReadAsync(entry.SessionId, entry.LastSeq - 1, 2, cancellationToken);
            return last is [{ Event: SessionEvent<ExecutionPaused> { Data.Reason: not (PauseReason.ShuttingDown or PauseReason.StorageUnavailable) } }];
        }
        catch (DamagedLogException)
        {
            // The recovery itself tells of the damage, and ends the session.
            return false;
        }
    }

    // Who only ends or pauses a session finds room for it, and so does the recovery: it was there before.
    private async Task RestoreAsync(SessionEntry entry, bool needsRoom, CancellationToken cancellationToken)
    {
        await _reading.WaitAsync(cancellationToken);
        try
        {
            await RestoreInTurnAsync(entry, needsRoom, cancellationToken);
        }
        finally
        {
            _reading.Release();
        }
    }

    private async Task RestoreInTurnAsync(SessionEntry entry, bool needsRoom, CancellationToken cancellationToken)
    {
        SessionHeader header;
        try
        {
            header = entry.Header;
        }
        catch (DamagedLogException exception)
        {
            // A session whose header cannot be read has nothing to go on with.
            await FailDamagedAsync(entry.SessionId, exception, cancellationToken);
            return;
        }

        var session = Create(header);
        if (_stopping || !_sessions.TryAdd(entry.SessionId, session)) return;

        try
        {
            // A stop that does not see this session has set its flag before this check.
            if (_stopping)
            {
                GiveWay(session);
                return;
            }

            // The session may have ended meanwhile. From here on nothing else can restore it, so it is looked up again.
            var current = await _environment.Log.FindAsync(entry.SessionId, cancellationToken);
            if (current is not null && !SessionStatus.IsFinal(current.Status))
            {
                var isPart = header.ForkedFrom is { } from && current.LastSeq < from.Seq;
                var state = isPart ? await CopyHistoryAsync(header, current.LastSeq) : await LogFold.LoadAsync(_environment.Log, header, _environment.Kinds, cancellationToken);
                if (!state.IsFinal)
                {
                    _environment.Kinds.RequireAll(state);
                    var size = SessionSize.Of(header) + state.Characters * sizeof(char);
                    session.Begin(state, new EngineInput.Recover(_environment.Options.MaxInterruptions), needsRoom ? await _environment.Memory.TakeAsync(size, cancellationToken) : _environment.Memory.TakeAnyway(size));
                    return;
                }

                // The last event is the end of the session, and only its entry does not say so.
                await _environment.Log.MendAsync(entry.SessionId, state.Status, cancellationToken);
            }

            GiveWay(session);
        }
        catch (DamagedLogException exception)
        {
            try
            {
                await FailDamagedAsync(entry.SessionId, exception, cancellationToken);
            }
            finally
            {
                GiveWay(session);
            }
        }
        catch
        {
            GiveWay(session);
            throw;
        }
    }

    private Task FailDamagedAsync(string sessionId, DamagedLogException damage, CancellationToken cancellationToken)
    {
        LogDamaged(sessionId, damage.Message);
        return DamagedLog.EndAsync(_environment, sessionId, damage, cancellationToken);
    }

    private async Task<SessionEntry> FindAsync(string sessionId, CancellationToken cancellationToken)
    {
        try
        {
            return await _environment.Log.FindAsync(sessionId, cancellationToken) ?? throw SessionId.Unknown(sessionId);
        }
        catch (StorageException exception)
        {
            throw StorageRefusal.Create(exception);
        }
    }

    private async Task<long> LastSeqAsync(string sessionId, CancellationToken cancellationToken) => (await FindAsync(sessionId, cancellationToken)).LastSeq;

    private Session Create(SessionHeader header) => new(header, _environment, OnEnded);

    private void OnEnded(Session session, SessionEnding ending)
    {
        // A session that could not end stays here and refuses commands. Without it, the next command would restore the session into the same trouble.
        if (ending is SessionEnding.Finished or SessionEnding.Stopped or SessionEnding.Idle) _sessions.TryRemove(KeyValuePair.Create(session.Header.SessionId, session));
        if (ending == SessionEnding.Idle && session.HasDue) Slept.Set();
    }

    private void GiveWay(Session session)
    {
        _sessions.TryRemove(KeyValuePair.Create(session.Header.SessionId, session));
        session.GiveWay();
    }

    // A start that was accepted before is a no-op and needs no room.
    private async Task RequireRoomAsync(string sessionId, CancellationToken cancellationToken)
    {
        var most = _environment.Options.MaxSessions;
        if (_sessions.Count <= most || await IsThereAsync(sessionId, cancellationToken)) return;
        throw new GatewayException(
            ErrorCode.LimitExceeded,
            $"The gateway runs {most} sessions at a time ({SessionsOptions.Section}:{nameof(SessionsOptions.MaxSessions)}); start this one when others have ended.");
    }

    private async Task<bool> IsThereAsync(string sessionId, CancellationToken cancellationToken) => await _environment.Log.FindAsync(sessionId, cancellationToken) is not null;

    private void Relieve()
    {
        foreach (var (_, session) in _sessions) session.LeaveIfIdle();
    }

    private void RefuseWhenStopping()
    {
        if (_stopping) throw new GatewayException(ErrorCode.ShuttingDown, "The gateway is shutting down and takes no new work.");
    }

    private static void RequireSameContent(SessionHeader asked, SessionHeader existing)
    {
        if (asked.Fingerprint != existing.Fingerprint)
        {
            throw new GatewayException(ErrorCode.SessionExists, $"Session '{asked.SessionId}' exists with another workflow or input; choose another session_id.");
        }
    }
}
