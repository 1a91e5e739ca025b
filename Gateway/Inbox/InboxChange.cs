using Gateway.Contracts;
using Gateway.Log;

namespace Gateway.Inbox;

/// <summary>A change of the inbox, ready for all who watch.</summary>
internal sealed class InboxChange(string store, LoggedPrompt logged)
{
    /// <summary>Its number.</summary>
    public long Number => logged.Change;

    /// <summary>Which prompt has changed, over all sessions.</summary>
    public long Prompt => logged.Number;

    /// <summary>Whether the prompt waits.</summary>
    public bool IsOpen => logged.IsOpen;

    /// <summary>What watchers are sent.</summary>
    public InboxMessage Message { get; } = new(new InboxFrame
    {
        Event = logged.IsOpen ? InboxEvents.Opened : InboxEvents.Closed,
        Timestamp = logged.At,
        Position = new InboxPosition(store, logged.Change).ToString(),
        Data = logged.Prompt,
    });

    /// <summary>Whether it concerns a watcher that knows the changes up to <paramref name="known"/>.</summary>
    /// <param name="watch">Which prompts the watcher wants.</param>
    /// <param name="known">The last change that it knows.</param>
    /// <param name="fresh">Up to this change it is told only what waits: it began with nothing.</param>
    public bool Concerns(WatchInbox watch, long known, long fresh)
    {
        if (!logged.IsOpen && logged.Change <= fresh) return false;

        // Of what was opened and closed meanwhile a watcher has heard nothing, and needs to hear nothing.
        if (!logged.IsOpen && logged.Number > known) return false;
        return (watch.WorkflowId is null || watch.WorkflowId == logged.Prompt.WorkflowId)
            && (watch.Assignee is null || logged.Assignees is null || logged.Assignees.Contains(watch.Assignee));
    }
}
