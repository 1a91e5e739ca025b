using Gateway.Contracts;

namespace Gateway.Log.Memory;

/// <summary>Keeps all logs in memory: fast, unbounded, and gone with the process.</summary>
internal sealed class MemorySessionLog(LogTraffic? traffic = null) : ILogStore
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, MemorySession> _sessions = [];
    private readonly List<MemorySession> _byAge = [];

    // For each follower the sessions that were there before it, and the cursors that have been moved.
    private readonly Dictionary<string, (long Since, Dictionary<long, long> Cursors)> _followers = [];

    // Those that stand still, and why.
    private readonly Dictionary<string, string> _halted = [];

    private readonly SortedSet<(DateTime At, long Number)> _toWake = [];
    private readonly Dictionary<long, MemorySession> _byNumber = [];
    private readonly MemoryPrompts _prompts = new();
    private readonly MemoryDeadLetters _letters = new();
    private long _created;

    /// <inheritdoc/>
    public event Action? PromptsChanged;

    /// <summary>Always null: memory does not fail.</summary>
    public string? LastError => null;

    /// <inheritdoc/>
    public Task<bool> ProbeAsync(CancellationToken cancellationToken) => Task.FromResult(true);

    /// <inheritdoc/>
    public Task<SessionHeader?> CreateAsync(SessionHeader header, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested) return Task.FromCanceled<SessionHeader?>(cancellationToken);
        lock (_gate)
        {
            if (_sessions.TryGetValue(header.SessionId, out var existing)) return Task.FromResult<SessionHeader?>(existing.Header);

            var session = new MemorySession(header, ++_created);
            _sessions.Add(header.SessionId, session);
            _byAge.Add(session);
            _byNumber.Add(session.Number, session);
            return Task.FromResult<SessionHeader?>(null);
        }
    }

    /// <inheritdoc/>
    public Task AppendAsync(string sessionId, long lastSeq, IReadOnlyList<LoggedEvent> events, SessionStanding standing, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested) return Task.FromCanceled(cancellationToken);
        AppendCheck.RequireConsecutive(lastSeq, events);
        bool changed;
        lock (_gate)
        {
            if (!_sessions.TryGetValue(sessionId, out var session)) return Task.FromException(new StorageException($"There is no log of session '{sessionId}'."));
            if (session.LastSeq != lastSeq) return Task.FromException(new LogConflictException(sessionId, lastSeq, session.LastSeq));
            ChangeLocked(session, () => session.Append(events, standing));
            if (standing.Prompts is { } prompts) _prompts.Apply(session, prompts);
            if (SessionStatus.IsFinal(standing.Status)) _prompts.CloseAll(session);
            changed = _prompts.TakeChanged();
        }

        traffic?.Committed(1, events.Count);
        if (changed) PromptsChanged?.Invoke();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<LoggedEvent>> ReadAsync(string sessionId, long afterSeq, ReadLimit limit, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested) return Task.FromCanceled<IReadOnlyList<LoggedEvent>>(cancellationToken);
        lock (_gate)
        {
            return Task.FromResult<IReadOnlyList<LoggedEvent>>(_sessions.TryGetValue(sessionId, out var session) ? session.Read(afterSeq, limit.Events) : []);
        }
    }

    /// <inheritdoc/>
    public Task<SessionEntry?> FindAsync(string sessionId, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested) return Task.FromCanceled<SessionEntry?>(cancellationToken);
        lock (_gate) return Task.FromResult(_sessions.TryGetValue(sessionId, out var session) ? session.ToEntry() : null);
    }

    /// <inheritdoc/>
    public Task<SessionPage> ListAsync(SessionQuery query, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested) return Task.FromCanceled<SessionPage>(cancellationToken);
        var before = SessionCursor.Read(query.Cursor);
        lock (_gate)
        {
            var found = _byAge.AsEnumerable().Reverse()
                .Where(s => s.Number < before && (query.Status is null || s.Status == query.Status))
                .Take(query.Limit + 1).ToList();
            var page = found.Take(query.Limit).ToList();
            return Task.FromResult(new SessionPage
            {
                Sessions = [.. page.Select(s => s.ToSummary())],
                NextCursor = found.Count > query.Limit && page.Count > 0 ? SessionCursor.Write(page[^1].Number) : null,
            });
        }
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> ListUnfinishedAsync(CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested) return Task.FromCanceled<IReadOnlyList<string>>(cancellationToken);
        lock (_gate) return Task.FromResult<IReadOnlyList<string>>([.. _byAge.Where(s => !SessionStatus.IsFinal(s.Status)).Select(s => s.Header.SessionId)]);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> ListDueAsync(DateTime until, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested) return Task.FromCanceled<IReadOnlyList<string>>(cancellationToken);
        lock (_gate) return Task.FromResult<IReadOnlyList<string>>([.. _toWake.TakeWhile(due => due.At <= until).Select(due => _byNumber[due.Number].Header.SessionId)]);
    }

    /// <inheritdoc/>
    public Task<DateTime?> FindNextDueAsync(DateTime after, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested) return Task.FromCanceled<DateTime?>(cancellationToken);
        lock (_gate)
        {
            var later = _toWake.GetViewBetween((after.AddTicks(1), 0), (DateTime.MaxValue, long.MaxValue));
            return Task.FromResult<DateTime?>(later.Count > 0 ? later.Min.At : null);
        }
    }

    /// <inheritdoc/>
    public Task<bool> MendAsync(string sessionId, string? status, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested) return Task.FromCanceled<bool>(cancellationToken);
        lock (_gate)
        {
            if (!_sessions.TryGetValue(sessionId, out var session)) return Task.FromResult(false);
            ChangeLocked(session, () => session.Mend(status));
            if (status is not null && SessionStatus.IsFinal(status)) _prompts.CloseAll(session);
        }

        TellOfPrompts();
        return Task.FromResult(true);
    }

    /// <inheritdoc/>
    public Task<bool> DeleteAsync(string sessionId, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested) return Task.FromCanceled<bool>(cancellationToken);
        lock (_gate)
        {
            if (!_sessions.TryGetValue(sessionId, out var session)) return Task.FromResult(false);
            RemoveLocked(session);
        }

        TellOfPrompts();
        return Task.FromResult(true);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> DeleteFinishedAsync(DateTime? olderThan, int? keepNewest, int limit, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested) return Task.FromCanceled<IReadOnlyList<string>>(cancellationToken);
        lock (_gate)
        {
            var finished = _byAge.Where(s => SessionStatus.IsFinal(s.Status)).OrderBy(s => s.UpdatedAt).ThenBy(s => s.Number).ToList();
            var tooMany = keepNewest is { } keep ? Math.Max(0, finished.Count - keep) : 0;
            var doomed = finished.Where((s, i) => i < tooMany || s.UpdatedAt < olderThan).Take(limit).ToList();
            foreach (var session in doomed) RemoveLocked(session);
            return Task.FromResult<IReadOnlyList<string>>([.. doomed.Select(s => s.Header.SessionId)]);
        }
    }

    /// <inheritdoc/>
    public Task<int> CompactAsync(int limit, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested) return Task.FromCanceled<int>(cancellationToken);
        lock (_gate)
        {
            var chosen = _byAge.Where(s => !s.Compacted && SessionStatus.IsFinal(s.Status)).Take(limit).ToList();
            foreach (var session in chosen) session.Compact();
            return Task.FromResult(chosen.Count);
        }
    }

    /// <inheritdoc/>
    public Task FollowAsync(string follower, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested) return Task.FromCanceled(cancellationToken);
        lock (_gate)
        {
            if (!_followers.ContainsKey(follower)) _followers.Add(follower, (_created, _byAge.Where(s => !SessionStatus.IsFinal(s.Status)).ToDictionary(s => s.Number, s => s.LastSeq)));
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<BehindSession>> ListBehindAsync(string follower, long after, int limit, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested) return Task.FromCanceled<IReadOnlyList<BehindSession>>(cancellationToken);
        lock (_gate)
        {
            if (!_followers.ContainsKey(follower)) return Task.FromResult<IReadOnlyList<BehindSession>>([]);
            return Task.FromResult<IReadOnlyList<BehindSession>>([.. _byAge.Where(s => s.Number > after && CursorLocked(follower, s) < s.LastSeq).Take(limit).Select(s => new BehindSession(s.Number, s.Header.SessionId))]);
        }
    }

    /// <inheritdoc/>
    public Task<long?> FindCursorAsync(string follower, string sessionId, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested) return Task.FromCanceled<long?>(cancellationToken);
        lock (_gate) return Task.FromResult<long?>(_sessions.TryGetValue(sessionId, out var session) && _followers.ContainsKey(follower) ? CursorLocked(follower, session) : null);
    }

    /// <inheritdoc/>
    public Task MoveCursorAsync(string follower, string sessionId, long seq, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested) return Task.FromCanceled(cancellationToken);
        lock (_gate) MoveCursorLocked(follower, sessionId, seq);

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task AddDeadLetterAsync(string follower, DeadLetter letter, int keep, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested) return Task.FromCanceled(cancellationToken);
        lock (_gate)
        {
            if (!_followers.ContainsKey(follower) || !_sessions.TryGetValue(letter.SessionId, out var session)) return Task.CompletedTask;
            _letters.Add(follower, session.Number, letter, keep);
            MoveCursorLocked(follower, letter.SessionId, letter.Seq);
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<DeadLetter>> ListDeadLettersAsync(string follower, long after, int limit, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested) return Task.FromCanceled<IReadOnlyList<DeadLetter>>(cancellationToken);
        lock (_gate) return Task.FromResult(_letters.List(follower, after, limit));
    }

    /// <inheritdoc/>
    public Task<DeadLetter?> FindDeadLetterAsync(string follower, string id, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested) return Task.FromCanceled<DeadLetter?>(cancellationToken);
        lock (_gate) return Task.FromResult(_letters.Find(follower, id));
    }

    /// <inheritdoc/>
    public Task<int> CountDeadLettersAsync(string follower, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested) return Task.FromCanceled<int>(cancellationToken);
        lock (_gate) return Task.FromResult(_letters.Count(follower));
    }

    /// <inheritdoc/>
    public Task<bool> RemoveDeadLetterAsync(string follower, string id, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested) return Task.FromCanceled<bool>(cancellationToken);
        lock (_gate) return Task.FromResult(_letters.Remove(follower, id));
    }

    /// <inheritdoc/>
    public Task<string?> FindHaltAsync(string follower, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested) return Task.FromCanceled<string?>(cancellationToken);
        lock (_gate) return Task.FromResult(_halted.GetValueOrDefault(follower));
    }

    /// <inheritdoc/>
    public Task HaltAsync(string follower, string? reason, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested) return Task.FromCanceled(cancellationToken);
        lock (_gate)
        {
            if (reason is null) _halted.Remove(follower);
            else if (_followers.ContainsKey(follower)) _halted[follower] = reason;
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<LoggedPrompts> ListPromptsAsync(PromptQuery query, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested) return Task.FromCanceled<LoggedPrompts>(cancellationToken);
        lock (_gate) return Task.FromResult(_prompts.List(query));
    }

    /// <inheritdoc/>
    public Task<LoggedPrompts> ReadPromptChangesAsync(long after, long closedAfter, ReadLimit limit, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested) return Task.FromCanceled<LoggedPrompts>(cancellationToken);
        lock (_gate) return Task.FromResult(_prompts.ReadChanges(after, closedAfter, limit));
    }

    // Outside the lock, since the handler is somebody else's.
    private void TellOfPrompts()
    {
        bool changed;
        lock (_gate) changed = _prompts.TakeChanged();
        if (changed) PromptsChanged?.Invoke();
    }

    private void MoveCursorLocked(string follower, string sessionId, long seq)
    {
        if (_followers.TryGetValue(follower, out var known) && _sessions.TryGetValue(sessionId, out var session) && CursorLocked(follower, session) < seq) known.Cursors[session.Number] = seq;
    }

    private long CursorLocked(string follower, MemorySession session)
    {
        var (since, cursors) = _followers[follower];
        return cursors.TryGetValue(session.Number, out var seq) ? seq : session.Number > since ? 0 : session.LastSeq;
    }

    private void ChangeLocked(MemorySession session, Action change)
    {
        var before = session.WakeAt;
        change();
        if (before == session.WakeAt) return;
        if (before is { } old) _toWake.Remove((old, session.Number));
        if (session.WakeAt is { } at) _toWake.Add((at, session.Number));
    }

    private void RemoveLocked(MemorySession session)
    {
        foreach (var (_, cursors) in _followers.Values) cursors.Remove(session.Number);
        _letters.RemoveAll(session.Number);
        _prompts.CloseAll(session);
        if (session.WakeAt is { } at) _toWake.Remove((at, session.Number));
        _byNumber.Remove(session.Number);
        _sessions.Remove(session.Header.SessionId);
        _byAge.Remove(session);
    }
}
