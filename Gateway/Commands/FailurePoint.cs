using Gateway.Contracts;
using Gateway.Log;

namespace Gateway.Commands;

/// <summary>Finds where a failed session is forked so that what failed runs again.</summary>
/// <remarks>
/// That is before the first of the failures that nothing came after: with a model that was away all branches that failed run again, and a
/// failure that the session has lived with stays.
/// </remarks>
internal static class FailurePoint
{
    private static readonly ReadLimit s_page = new(1000, 1024 * 1024);

    /// <summary>The last event before the failure.</summary>
    public static async Task<long> FindAsync(ISessionLog log, SessionEntry entry, CancellationToken cancellationToken)
    {
        var errors = new Dictionary<string, long>(StringComparer.Ordinal);
        var spoke = new HashSet<string>(StringComparer.Ordinal);
        long? found = null;
        long? ofSession = null;
        long beforeEnd = entry.LastSeq - 1;
        for (var at = 0L; at < entry.LastSeq;)
        {
            var page = await log.ReadAsync(entry.SessionId, at, s_page, cancellationToken);
            if (page.Count == 0) break;
            foreach (var logged in page)
            {
                switch (logged.Event)
                {
                    case SessionEvent<TokenStream> { NodeId: { } node }:
                        spoke.Add(node);
                        break;
                    case SessionEvent<ExecutionError> { Data: { Code: not ErrorCode.BudgetWarning } error }:
                        if (error.NodeId is { } of) errors[of] = logged.Seq;
                        else ofSession = logged.Seq - 1;
                        break;
                    case SessionEvent<NodeStateChange> { Data: { Status: NodeStatus.Failed, NodeId: var failed } }:
                        found ??= errors.GetValueOrDefault(failed, logged.Seq) - 1;
                        break;
                    case SessionEvent<NodeStateChange> { Data: { Status: NodeStatus.Completed, NodeId: var completed } }:
                        if (spoke.Contains(completed)) found = null;
                        break;
                }

                if (logged.Event is not (SessionEvent<NodeStateChange> { Data.Status: NodeStatus.Cancelled } or SessionEvent<ExecutionCompleted> or SessionEvent<TokenUsage>)) beforeEnd = logged.Seq;
            }

            at = page[^1].Seq;
        }

        return found ?? ofSession ?? beforeEnd;
    }
}
