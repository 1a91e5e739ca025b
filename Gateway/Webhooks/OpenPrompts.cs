using Gateway.Contracts;
using Gateway.Log;

namespace Gateway.Webhooks;

/// <summary>What a session has asked, folded from its log: a prompt that is only shown again was opened before.</summary>
internal sealed class OpenPrompts
{
    // What each node asked last, and with which event what is open was opened. The session itself asks under no node.
    private readonly Dictionary<string, string> _last = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _opened = new(StringComparer.Ordinal);

    /// <summary>The last event that is folded in.</summary>
    public long Seq { get; private set; }

    /// <summary>Folds an event in.</summary>
    /// <param name="logged">The next event.</param>
    /// <param name="shared">Up to this event the log is that of another session: what was asked there is asked anew.</param>
    public void Apply(LoggedEvent logged, long shared)
    {
        Seq = logged.Seq;
        if (logged.IsOf(TokenStream.EventName)) return;
        switch (logged.Event)
        {
            case SessionEvent<NodeStateChange> { Data: { Status: NodeStatus.Suspended, Prompt: { } asked } change }:
                Ask(change.NodeId, asked.PromptId, logged.Seq, shared);
                break;
            case SessionEvent<NodeStateChange> { Data: { Status: NodeStatus.Completed or NodeStatus.Failed or NodeStatus.Skipped } change }:
                // Its prompt may be asked again under the same name, by another try.
                if (_last.TryGetValue(change.NodeId, out var over)) _opened.Remove(over);
                break;
            case SessionEvent<ExecutionPaused> { Data.Prompt: { } asked }:
                Ask(string.Empty, asked.PromptId, logged.Seq, shared);
                break;
        }
    }

    /// <summary>Whether it was this event that opened a prompt.</summary>
    public bool IsOpenedBy(string promptId, long seq) => _opened.TryGetValue(promptId, out var opened) && opened == seq;

    /// <summary>What a node asked last; null when it asked nothing.</summary>
    public string? LastOf(string nodeId) => _last.GetValueOrDefault(nodeId);

    private void Ask(string nodeId, string promptId, long seq, long shared)
    {
        _last[nodeId] = promptId;
        if (seq > shared) _opened.TryAdd(promptId, seq);
    }
}
