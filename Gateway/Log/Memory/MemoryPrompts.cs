using Gateway.Contracts;

namespace Gateway.Log.Memory;

/// <summary>The prompts of all sessions in memory; used under the lock of <see cref="MemorySessionLog"/>.</summary>
internal sealed class MemoryPrompts
{
    // Nothing outlives the process, so each has a name of its own.
    private readonly string _store = Guid.NewGuid().ToString("N")[..12];
    private readonly Dictionary<long, Dictionary<string, LoggedPrompt>> _bySession = [];
    private readonly SortedDictionary<long, LoggedPrompt> _open = [];
    private readonly SortedSet<LoggedPrompt> _byChange = new(Comparer<LoggedPrompt>.Create(static (one, other) => one.Change.CompareTo(other.Change)));
    private readonly Queue<LoggedPrompt> _closed = [];
    private long _changes;
    private bool _changed;

    /// <summary>Notes what an append changes.</summary>
    public void Apply(MemorySession session, IReadOnlyList<PromptChange> changes)
    {
        foreach (var change in changes)
        {
            if (change.Prompt is { } prompt) Open(session, change, prompt);
            else Close(session, change.PromptId, change.Seq, change.At, change.Outcome ?? PromptOutcome.Withdrawn, change.By);
        }
    }

    /// <summary>Notes that none of a session's prompts waits any more.</summary>
    public void CloseAll(MemorySession session)
    {
        if (!_bySession.TryGetValue(session.Number, out var open)) return;
        foreach (var promptId in open.Keys.ToList()) Close(session, promptId, session.LastSeq, session.UpdatedAt, PromptOutcome.Withdrawn, by: null);
    }

    /// <summary>Whether any prompt has changed since this was asked last.</summary>
    public bool TakeChanged()
    {
        var changed = _changed;
        _changed = false;
        return changed;
    }

    /// <summary>Those that wait, those that wait longest first.</summary>
    public LoggedPrompts List(PromptQuery query) => Page(
        query.Limit,
        _open.Values.Where(logged => logged.Number > query.After && logged.Number <= query.UpTo
            && (query.WorkflowId is null || logged.Prompt.WorkflowId == query.WorkflowId)
            && (query.Assignee is null || logged.Assignees is null || logged.Assignees.Contains(query.Assignee))
            && (query.Since is null || logged.Prompt.Since <= query.Since)));

    /// <summary>Those that have changed after a change.</summary>
    public LoggedPrompts ReadChanges(long after, long closedAfter, ReadLimit limit)
    {
        var later = _byChange.GetViewBetween(At(after + 1), At(long.MaxValue));
        return Page(limit, later.Where(logged => logged.IsOpen || logged.Change > closedAfter));

        static LoggedPrompt At(long change) => new(0, change, default, null!, null);
    }

    private LoggedPrompts Page(ReadLimit limit, IEnumerable<LoggedPrompt> found)
    {
        var prompts = found.Take(limit.Events + 1).ToList();
        return prompts.Count <= limit.Events ? new(_store, _changes, prompts, false) : new(_store, _changes, prompts[..limit.Events], true);
    }

    private void Open(MemorySession session, PromptChange change, Prompt prompt)
    {
        if (!_bySession.TryGetValue(session.Number, out var open)) _bySession.Add(session.Number, open = new(StringComparer.Ordinal));
        var before = open.GetValueOrDefault(change.PromptId);
        var number = Next();
        if (before is not null) _byChange.Remove(before);
        var logged = new LoggedPrompt(
            before?.Number ?? number,
            number,
            change.At,
            new InboxPrompt
            {
                SessionId = session.Header.SessionId,
                WorkflowId = session.Header.WorkflowId,
                NodeId = change.NodeId,
                PromptId = change.PromptId,
                Seq = change.Seq,
                Since = before?.Prompt.Since ?? change.At,
                Prompt = prompt,
            },
            prompt.Assignees);
        open[change.PromptId] = logged;
        _open[logged.Number] = logged;
        _byChange.Add(logged);
    }

    private void Close(MemorySession session, string promptId, long seq, DateTime at, string outcome, string? by)
    {
        if (!_bySession.TryGetValue(session.Number, out var open) || !open.Remove(promptId, out var before)) return;
        if (open.Count == 0) _bySession.Remove(session.Number);
        _open.Remove(before.Number);
        _byChange.Remove(before);
        var logged = before with { Change = Next(), At = at, Prompt = before.Prompt with { Seq = seq, Prompt = null, Outcome = outcome, By = by } };
        _byChange.Add(logged);
        _closed.Enqueue(logged);
        while (_closed.Peek().Change < _changes - LoggedPrompts.Remembered) _byChange.Remove(_closed.Dequeue());
    }

    private long Next()
    {
        _changed = true;
        return ++_changes;
    }
}
