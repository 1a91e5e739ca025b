using Gateway.Contracts;
using Gateway.Log;

namespace Gateway.Engine;

/// <summary>What happens to a session's prompts during a decision, for the index of those that wait.</summary>
/// <remarks>A decision may take a prompt away and ask the same again. Only what differs between its beginning and its end is a change.</remarks>
internal sealed class PromptTrail
{
    // Most decisions change nothing of the kind.
    private List<Step>? _steps;

    /// <summary>An event has changed what a node asks.</summary>
    /// <param name="index">The event's place in the decision.</param>
    /// <param name="told">The event.</param>
    /// <param name="before">What the node asked before; null for nothing.</param>
    /// <param name="after">What it asks now.</param>
    public void Note(int index, SessionEvent told, Prompt? before, Prompt? after)
    {
        if (before is null && after is null) return;
        (_steps ??= []).Add(new Step(index, told.NodeId, before, after, told.Seq, told.Timestamp));
    }

    /// <summary>Tells why the prompt that a node has asked last waits no more.</summary>
    public void Settle(string? nodeId, string outcome, string? by)
    {
        if (_steps is null) return;
        var last = _steps.FindLastIndex(step => step.NodeId == nodeId);
        if (last >= 0 && _steps[last] is { After: null, Outcome: null } closed) _steps[last] = closed with { Outcome = outcome, By = by };
    }

    /// <summary>What differs between two places in the decision; null when nothing does.</summary>
    public IReadOnlyList<PromptChange>? Between(int from, int to)
    {
        if (_steps is null) return null;
        List<PromptChange>? changes = null;
        foreach (var steps in _steps.Where(step => step.Index >= from && step.Index < to).GroupBy(step => step.NodeId ?? string.Empty, StringComparer.Ordinal))
        {
            var (before, last) = (steps.First().Before, steps.Last());
            if (ReferenceEquals(before, last.After)) continue;
            changes ??= [];
            if (before is not null && before.PromptId != last.After?.PromptId) changes.Add(Closed(before.PromptId, steps.Last(step => step.Before?.PromptId == before.PromptId && step.After?.PromptId != before.PromptId)));
            if (last.After is { } asked) changes.Add(new PromptChange { PromptId = asked.PromptId, NodeId = last.NodeId, Seq = last.Seq, At = last.At, Prompt = asked });
        }

        return changes;
    }

    private static PromptChange Closed(string promptId, Step step) => new()
    {
        PromptId = promptId,
        NodeId = step.NodeId,
        Seq = step.Seq,
        At = step.At,
        Outcome = step.Outcome ?? PromptOutcome.Withdrawn,
        By = step.By,
    };

    private readonly record struct Step(int Index, string? NodeId, Prompt? Before, Prompt? After, long Seq, DateTime At)
    {
        public string? Outcome { get; init; }

        public string? By { get; init; }
    }
}
