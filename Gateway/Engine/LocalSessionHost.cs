using System.Collections.Concurrent;
using Gateway.Contracts;
using Gateway.Log;
using Gateway.Models;
using Gateway.Refusals;

namespace Gateway.Engine;

/// <summary>Runs sessions in this process, one loop each.</summary>
/// <remarks>Its dictionary holds the sessions that are alive here; every other one is known from its log alone.</remarks>
public sealed partial class LocalSessionHost : ISessionHost, IAsyncDisposable
{
    private const int RecoveredAtOnce = 8;

    private readonly ConcurrentDictionary<string, Session> _sessions = new(StringComparer.Ordinal);
    private readonly SessionServices _services;
    private readonly ILogger<LocalSessionHost> _logger;
    private volatile bool _stopping;
    private volatile bool _recoveryFailed;

    /// <summary>A host without sessions; <see cref="RecoverAsync"/> brings back those of an earlier process.</summary>
    public LocalSessionHost(ISessionLog log, ISessionPublisher publisher, IModelCatalog models, TimeProvider time, ILoggerFactory loggers)
    {
        _services = new SessionServices(log, publisher, models, time, StorageHealth, loggers.CreateLogger<Session>());
        _logger = loggers.CreateLogger<LocalSessionHost>();
    }

    /// <summary>Whether the store worked when a session last used it.</summary>
    public StorageHealth StorageHealth { get; } = new();

    /// <summary>How many sessions are alive in this process.</summary>
    public int LiveSessions => _sessions.Count;

    /// <inheritdoc/>
    public async Task StartAsync(SessionHeader header, CancellationToken cancellationToken)
    {
        var state = new SessionState(header);
        while (true)
        {
            RefuseWhenStopping();
            var mine = Create(header);
            var live = _sessions.GetOrAdd(header.SessionId, mine);
            if (ReferenceEquals(live, mine))
            {
                await StartAsync(mine, state, cancellationToken);
                return;
            }

            // A start that races with this one has not reached the log yet: its fate decides about ours.
            if (!await live.Begun.WaitAsync(cancellationToken)) continue;
            RequireSameContent(header, live.Header);
            await live.SendAsync(new EngineInput.Start(), cancellationToken);
            return;
        }
    }

    /// <inheritdoc/>
    public async Task<bool> WasStartedAsync(string sessionId, string fingerprint, CancellationToken cancellationToken)
    {
        try
        {
            return await _services.Log.FindAsync(sessionId, cancellationToken) is { } entry && entry.Header.Fingerprint == fingerprint;
        }
        catch (StorageException exception)
        {
            throw Unavailable(exception);
        }
    }

    /// <inheritdoc/>
    public Task PauseAsync(string sessionId, CancellationToken cancellationToken) =>
        SendAsync(sessionId, new EngineInput.Pause(PauseReason.UserRequested), cancellationToken);

    /// <inheritdoc/>
    public Task ResumeAsync(string sessionId, CancellationToken cancellationToken) =>
        SendAsync(sessionId, new EngineInput.Resume(), cancellationToken);

    /// <inheritdoc/>
    public Task CancelAsync(string sessionId, CancellationToken cancellationToken) =>
        SendAsync(sessionId, new EngineInput.Cancel(), cancellationToken);

    /// <inheritdoc/>
    public Task UserInputAsync(string sessionId, string content, string? promptId, string? nodeId, CancellationToken cancellationToken) =>
        SendAsync(sessionId, new EngineInput.UserSays(content, promptId, nodeId), cancellationToken);

    /// <inheritdoc/>
    public async Task<SessionSnapshot> GetSnapshotAsync(string sessionId, CancellationToken cancellationToken)
    {
        if (_sessions.TryGetValue(sessionId, out var live) && await live.SnapshotAsync(cancellationToken) is { } snapshot) return snapshot;

        var entry = await FindAsync(sessionId, cancellationToken);
        try
        {
            var (state, damage) = await LogFold.TryLoadAsync(_services.Log, entry, cancellationToken);
            return damage is null ? state!.ToSnapshot() : DamagedLog.Snapshot(entry, state, damage);
        }
        catch (StorageException exception)
        {
            throw Unavailable(exception);
        }
    }

    /// <summary>Whether unfinished sessions of an earlier process could not be brought back yet.</summary>
    internal bool IsRecoveryPending => !_stopping && _recoveryFailed;

    /// <summary>Whether there are sessions that stand still because of the store.</summary>
    internal bool NeedsStorage => !_stopping && (_recoveryFailed || _sessions.Values.Any(session => session.NeedsStorage));

    /// <summary>Goes on with the sessions that stand still because of the store.</summary>
    internal Task StorageReturnedAsync(CancellationToken cancellationToken)
    {
        foreach (var session in _sessions.Values)
        {
            if (session.NeedsStorage) session.StorageReturned();
        }

        return _recoveryFailed ? RecoverAsync(cancellationToken) : Task.CompletedTask;
    }

    /// <summary>Goes on with every session that an earlier process left unfinished.</summary>
    /// <remarks>One that cannot be read is ended as failed and does not stop the others.</remarks>
    public async Task RecoverAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<string> unfinished;
        try
        {
            unfinished = await _services.Log.ListUnfinishedAsync(cancellationToken);
        }
        catch (StorageException exception)
        {
            // Tried again when the store works; each of them is also brought back by the first command for it.
            _recoveryFailed = true;
            StorageHealth.Report(false);
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
                    if (await BringBackAsync(sessionId, token)) Interlocked.Increment(ref recovered);
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

    /// <summary>Pauses all sessions for a shutdown; afterwards no session starts here.</summary>
    /// <returns>Once all models have been let go, or after <paramref name="timeout"/>.</returns>
    public async Task StopAsync(TimeSpan timeout)
    {
        _stopping = true;
        var stopping = _sessions.Values.Select(session => session.StopAsync()).ToList();
        try
        {
            await Task.WhenAll(stopping).WaitAsync(timeout, _services.Time);
        }
        catch (TimeoutException)
        {
            LogStopTimedOut(stopping.Count(task => !task.IsCompleted), timeout);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await StopAsync(TimeSpan.FromSeconds(5));

    private async Task StartAsync(Session session, SessionState state, CancellationToken cancellationToken)
    {
        SessionHeader? existing;
        try
        {
            // A stop that did not see this session has set its flag before: one of the two notices the other.
            RefuseWhenStopping();
            existing = await _services.Log.CreateAsync(session.Header, CancellationToken.None);
        }
        catch (Exception exception)
        {
            GiveWay(session);
            if (exception is DamagedLogException) throw new GatewayException(ErrorCode.SessionExists, $"Session '{session.Header.SessionId}' exists, and its log is damaged; delete it or choose another session_id.");
            if (exception is not StorageException storage) throw;
            StorageHealth.Report(false);
            throw Unavailable(storage);
        }

        if (existing is not null)
        {
            GiveWay(session);
            RequireSameContent(session.Header, existing);
            return;
        }

        session.Begin(state, new EngineInput.Start());
        await session.SendAsync(new EngineInput.Start(), cancellationToken);
    }

    private async Task SendAsync(string sessionId, EngineInput input, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (_sessions.TryGetValue(sessionId, out var live) && await live.SendAsync(input, cancellationToken)) return;

            var entry = await FindAsync(sessionId, cancellationToken);
            if (SessionStatus.IsFinal(entry.Status))
            {
                Scheduler.RefuseFinished(sessionId, entry.Status, input);
                return;
            }

            RefuseWhenStopping();
            try
            {
                await ReviveAsync(entry, cancellationToken);
            }
            catch (StorageException exception)
            {
                throw Unavailable(exception);
            }
            catch (DamagedLogException exception)
            {
                throw new GatewayException(ErrorCode.LogDamaged, $"The log of session '{sessionId}' is damaged: {exception.Message}");
            }
        }
    }

    // True when it has gone on by this.
    private async Task<bool> BringBackAsync(string sessionId, CancellationToken cancellationToken)
    {
        if (_sessions.ContainsKey(sessionId) || await _services.Log.FindAsync(sessionId, cancellationToken) is not { } entry) return false;
        await ReviveAsync(entry, cancellationToken);
        return _sessions.ContainsKey(sessionId);
    }

    private async Task ReviveAsync(SessionEntry entry, CancellationToken cancellationToken)
    {
        SessionHeader header;
        try
        {
            header = entry.Header;
        }
        catch (DamagedLogException exception)
        {
            // Without its header there is nothing to revive.
            await FailDamagedAsync(entry.SessionId, exception, cancellationToken);
            return;
        }

        var session = Create(header);
        if (_stopping || !_sessions.TryAdd(entry.SessionId, session)) return;

        try
        {
            // Looked up again now that no other revival can be under way: the session may have ended meanwhile.
            var current = await _services.Log.FindAsync(entry.SessionId, cancellationToken);
            if (current is not null && !SessionStatus.IsFinal(current.Status))
            {
                var state = await LogFold.LoadAsync(_services.Log, header, cancellationToken);
                if (!state.IsFinal)
                {
                    session.Begin(state, new EngineInput.Recover());
                    return;
                }

                // Its last event is the end, and only its entry does not say so.
                await _services.Log.MendAsync(entry.SessionId, state.Status, cancellationToken);
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
        return DamagedLog.EndAsync(_services, sessionId, damage, cancellationToken);
    }

    private async Task<SessionEntry> FindAsync(string sessionId, CancellationToken cancellationToken)
    {
        try
        {
            return await _services.Log.FindAsync(sessionId, cancellationToken) ?? throw new GatewayException(ErrorCode.UnknownSession, $"There is no session '{sessionId}'.");
        }
        catch (StorageException exception)
        {
            throw Unavailable(exception);
        }
    }

    private Session Create(SessionHeader header) => new(header, _services, OnEnded);

    private void OnEnded(Session session, SessionEnding ending)
    {
        // One that could not end stays, so that it refuses commands instead of being brought back into the same trouble.
        if (ending is SessionEnding.Finished or SessionEnding.Stopped) _sessions.TryRemove(KeyValuePair.Create(session.Header.SessionId, session));
    }

    private void GiveWay(Session session)
    {
        _sessions.TryRemove(KeyValuePair.Create(session.Header.SessionId, session));
        session.GiveWay();
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

    private static GatewayException Unavailable(StorageException exception) =>
        new(ErrorCode.StorageUnavailable, $"The session log cannot be used at the moment: {exception.Message}");
}
