using Gateway.Contracts;

namespace Gateway.Log.Sqlite.Connections;

/// <summary>Keeps the table of prompts, within the transactions of the one connection that writes.</summary>
/// <param name="prepare">Prepares a statement of that connection.</param>
internal sealed class PromptWriter(Func<string, PreparedStatement> prepare)
{
    private readonly PreparedStatement _number = prepare("UPDATE inbox SET changes = changes + 1 RETURNING changes");

    private readonly PreparedStatement _open = prepare(
        """
        INSERT INTO prompts (number, change, session, session_id, workflow_id, node_id, prompt_id, seq, since, changed_at, prompt, assignees)
        SELECT ?1, ?1, number, session_id, workflow_id, ?3, ?4, ?5, ?6, ?6, ?7, ?8 FROM sessions WHERE number = ?2
        ON CONFLICT (session, prompt_id) WHERE prompt IS NOT NULL DO UPDATE SET
            change = excluded.change, seq = excluded.seq, changed_at = excluded.changed_at, prompt = excluded.prompt, assignees = excluded.assignees
        """);

    private readonly PreparedStatement _close = prepare(
        """
        UPDATE prompts SET change = ?1, seq = ?4, changed_at = ?5, prompt = NULL, outcome = ?6, answered_by = ?7
        WHERE session = ?2 AND prompt_id = ?3 AND prompt IS NOT NULL
        """);

    private readonly PreparedStatement _openOf = prepare("SELECT prompt_id FROM prompts WHERE session = ?1 AND prompt IS NOT NULL");
    private readonly PreparedStatement _forget = prepare("DELETE FROM prompts WHERE prompt IS NULL AND change < ?1");

    /// <summary>Notes what an append changes; true when that is anything.</summary>
    public bool Apply(long session, IReadOnlyList<PromptChange> changes)
    {
        foreach (var change in changes)
        {
            if (change.Prompt is { } prompt)
            {
                _open.Bind(1, NextNumber()).Bind(2, session).Bind(3, change.NodeId).Bind(4, change.PromptId).Bind(5, change.Seq).Bind(6, change.At.Ticks)
                    .Bind(7, PromptRows.Encode(prompt)).Bind(8, PromptRows.EncodeAssignees(prompt)).Run();
            }
            else
            {
                Close(session, change.PromptId, change.Seq, change.At.Ticks, change.Outcome ?? PromptOutcome.Withdrawn, change.By);
            }
        }

        return changes.Count > 0;
    }

    /// <summary>Notes that none of a session's prompts waits any more; true when one did.</summary>
    public bool CloseAll(long session, long seq, long at)
    {
        List<string> open = [];
        using (_openOf.Bind(1, session).Query())
        {
            while (_openOf.Step()) open.Add(_openOf.Text(0));
        }

        foreach (var promptId in open) Close(session, promptId, seq, at, PromptOutcome.Withdrawn, by: null);
        return open.Count > 0;
    }

    private void Close(long session, string promptId, long seq, long at, string outcome, string? by)
    {
        var number = NextNumber();
        _close.Bind(1, number).Bind(2, session).Bind(3, promptId).Bind(4, seq).Bind(5, at).Bind(6, outcome).Bind(7, by).Run();
        _forget.Bind(1, number - LoggedPrompts.Remembered).Run();
    }

    private long NextNumber()
    {
        using var rows = _number.Query();
        _number.Step();
        return _number.Int64(0);
    }
}
