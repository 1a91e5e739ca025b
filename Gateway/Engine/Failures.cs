using Gateway.Contracts;
using Gateway.Workflows;

namespace Gateway.Engine;

/// <summary>Decides what follows when the work of a node has failed: it is tried again, another model is asked, or the node's kind says.</summary>
/// <remarks>
/// Each try is a new attempt. How many there were, and until when the next one waits, stands in the log, so a crash forgets none and
/// shortens no wait. Each model is tried as often as <c>retry</c> says before the next one is asked.
/// </remarks>
internal static class Failures
{
    private static readonly string[] OfModels = [ErrorCode.ModelError, ErrorCode.ModelTimeout, ErrorCode.NodeTimeout, ErrorCode.ModelNotConfigured];

    /// <summary>The work of a running node has failed.</summary>
    public static void Meet(EventBatch batch, NodeState node, NodeFailure failure)
    {
        if (WaitBeforeRetry(batch, node, failure) is { } wait)
        {
            Tell(batch, node, failure);
            Begin(batch, node, AttemptCause.Retry, node.Model, wait);
        }
        else if (NextModel(node, failure) is { } model)
        {
            Tell(batch, node, failure);
            Begin(batch, node, AttemptCause.Fallback, model, TimeSpan.Zero);
        }
        else
        {
            Progress.Ask(batch, node, context => node.Kind.Failed(context, failure));
        }
    }

    /// <summary>The time has come until which a node waits between two tries.</summary>
    public static void GoOn(EventBatch batch, NodeState node)
    {
        batch.AddStatus(node, NodeStatus.Running);
        Progress.Ask(batch, node, node.Kind.Recover);
    }

    /// <summary>The time is over that the work of a node may take; of a node with a body, that is cancelled.</summary>
    public static void TimeOut(EventBatch batch, NodeState node)
    {
        var failure = new NodeFailure(ErrorCode.NodeTimeout, $"The node took longer than {node.Timeout.Total!.Value.TotalSeconds:0.###} seconds, which is what its 'timeout' allows.");
        if (node.Node.Entry is not null)
        {
            Joins.CancelBody(batch, node);
            Progress.Ask(batch, node, context => context.Fail(failure));
            return;
        }

        batch.AddSpent(node);
        Meet(batch, node, failure);
    }

    private static TimeSpan? WaitBeforeRetry(EventBatch batch, NodeState node, NodeFailure failure)
    {
        if (NodeRetry.Of(node.Node.Definition) is not { } retry || !failure.MayPass || node.Retries >= retry.Max || !retry.Takes(failure.Code) || !MayBeginAnew(node, retry)) return null;
        return retry.WaitBefore(node.Retries + 1, Chance(batch.SessionId, node), failure.RetryAfter);
    }

    private static string? NextModel(NodeState node, NodeFailure failure) =>
        OfModels.Contains(failure.Code) && MayBeginAnew(node, NodeRetry.Of(node.Node.Definition)) ? NodeFallback.After(node.Node.Definition, node.Model) : null;

    // What has been shown is taken back only where the workflow says so.
    private static bool MayBeginAnew(NodeState node, NodeRetry? retry) => !node.HasSpoken || retry is { Restart: true };

    private static void Tell(EventBatch batch, NodeState node, NodeFailure failure) => new NodeContext(batch, node).Reject(failure);

    private static void Begin(EventBatch batch, NodeState node, string cause, string? model, TimeSpan wait)
    {
        var until = wait > TimeSpan.Zero ? new NodeWait { Reason = NodeWaitReason.Retry, Until = batch.Now + wait } : null;
        batch.AddStatus(node, NodeStatus.Running, node.Attempt + 1, cause: cause, model: model, wait: until);
        if (until is null) Progress.Ask(batch, node, node.Kind.Recover);
    }

    // The same in every process, and another one for each try of each node: FNV-1a over its name.
    private static double Chance(string sessionId, NodeState node)
    {
        var hash = 2166136261u;
        foreach (var c in $"{sessionId}/{node.Id}/{node.Iteration}/{node.Attempt}") hash = (hash ^ c) * 16777619u;
        return (hash % 10_007) / 10_006.0;
    }
}
