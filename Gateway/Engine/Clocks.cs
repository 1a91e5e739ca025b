using Gateway.Contracts;

namespace Gateway.Engine;

/// <summary>Tells nodes that their time has come.</summary>
/// <remarks>
/// A clock is not kept anywhere: the fold of the log knows when a node began to run or to wait, and how long the session was paused
/// since. So a clock survives whatever the log survives, stands still in a pause, and has rung when the log says what came of it.
/// </remarks>
internal static class Clocks
{
    // Of very many that come at once the rest come with the next decision, so that no decision is too long.
    private const int MaxEvents = 1000;

    /// <summary>Lets every node act whose time has come by now, in the order of their times.</summary>
    /// <exception cref="InvalidOperationException">A kind names a time that has come already, again and again.</exception>
    public static void PassTime(EventBatch batch)
    {
        var state = batch.State;
        if (state.IsPaused) return;
        var any = false;
        while (batch.Events.Count <= MaxEvents && !batch.IsDoomed && !state.IsFinal && state.NextDue is { } due && due.At <= state.ClockAt(batch.Now))
        {
            any = true;
            state.Steps.Take();
            Ring(batch, due.Node, due.At);
        }

        if (!any || state.IsFinal) return;
        Progress.Advance(batch);
        Progress.Conclude(batch);
    }

    private static void Ring(EventBatch batch, NodeState node, TimeSpan at)
    {
        if (node.Status == NodeStatus.Suspended && node.ExpiresAt <= at)
        {
            Conversation.Expire(batch, node);
        }
        else if (node.Status == NodeStatus.Suspended && node.RemindAt <= at)
        {
            Conversation.Remind(batch, node);
        }
        else if (node.RestsUntil <= at)
        {
            Failures.GoOn(batch, node);
        }
        else if (node.TimesOutAt <= at)
        {
            Failures.TimeOut(batch, node);
        }
        else
        {
            Ask(batch, node, node.Kind.TimeCame);
            if (node.OwnDue <= at) throw new InvalidOperationException($"The kind of node '{node.Id}', of type '{node.Node.Type}', was told that its time has come, and names the same time again.");
        }
    }

    // A node that waits for a user runs for a moment, as with an answer: so old readers see that the session goes on.
    private static void Ask(EventBatch batch, NodeState node, Action<NodeContext> decide)
    {
        if (node.Status == NodeStatus.Suspended) batch.AddStatus(node, NodeStatus.Running);
        Progress.Ask(batch, node, decide);
    }
}
