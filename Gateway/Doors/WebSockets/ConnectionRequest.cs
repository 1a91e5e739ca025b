using System.Globalization;
using Gateway.Contracts;
using Gateway.Refusals;

namespace Gateway.Doors.WebSockets;

/// <summary>What the address of a <c>/ws</c> connection asks for.</summary>
/// <param name="SessionId">The session; null: the live events of all, or none.</param>
/// <param name="AfterSeq">Send the events after this one.</param>
/// <param name="Snapshot">Send the folded state first, then what follows it.</param>
/// <param name="Merge">Merge consecutive tokens when the reader falls behind.</param>
/// <param name="Live">Without a session: whether the live events of all are sent, or nothing until something is subscribed to or started.</param>
/// <param name="Inbox">What to send of the inbox; null: nothing.</param>
/// <param name="Refusal">Why the address cannot be served.</param>
internal sealed record ConnectionRequest(string? SessionId, long AfterSeq, bool Snapshot, bool Merge, bool Live, WatchInbox? Inbox, GatewayException? Refusal)
{
    private const string SessionIdName = "session_id";
    private const string AfterSeqName = "after_seq";
    private const string SnapshotName = "snapshot";
    private const string MergeName = "merge";
    private const string LiveName = "live";
    private const string InboxName = "inbox";
    private const string AssigneeName = "assignee";
    private const string WorkflowName = "workflow_id";
    private const string AfterName = "after";

    /// <summary>The parameters that an address may have.</summary>
    public static IReadOnlyList<string> Parameters { get; } = [SessionIdName, AfterSeqName, SnapshotName, MergeName, LiveName, InboxName, AssigneeName, WorkflowName, AfterName];

    /// <summary>Whether it is for the live events of all sessions.</summary>
    public bool IsBroadcast => SessionId is null && Live && Inbox is null && Refusal is null;

    /// <summary>Whether it is for what the client will ask for, and nothing else.</summary>
    public bool IsQuiet => SessionId is null && !Live && Inbox is null && Refusal is null;

    /// <summary>The subscription that the address asks for.</summary>
    public Subscribe ToCommand() => new() { SessionId = SessionId, AfterSeq = AfterSeq, Snapshot = Snapshot };

    /// <summary>Reads the query.</summary>
    public static ConnectionRequest Parse(IQueryCollection query)
    {
        string? sessionId = query[SessionIdName];
        long afterSeq = 0;
        GatewayException? refusal = null;
        if (query.TryGetValue(AfterSeqName, out var text) && !long.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out afterSeq))
        {
            refusal = new GatewayException(ErrorCode.InvalidData, "'after_seq' is a whole number.");
        }

        var snapshot = Flag(query, SnapshotName, false, ref refusal);
        var merge = Flag(query, MergeName, false, ref refusal);
        var live = Flag(query, LiveName, true, ref refusal);
        if (sessionId is not null && query.ContainsKey(LiveName)) refusal = new GatewayException(ErrorCode.InvalidData, "'live' is for an address without a 'session_id': that session's events are sent anyway.");
        if (sessionId is null && (query.ContainsKey(AfterSeqName) || snapshot))
        {
            refusal = new GatewayException(ErrorCode.InvalidData, "'after_seq' and 'snapshot' need a 'session_id'.");
        }

        var inbox = Flag(query, InboxName, false, ref refusal) ? new WatchInbox { Assignee = query[AssigneeName], WorkflowId = query[WorkflowName], After = query[AfterName] } : null;
        if (inbox is not null && (sessionId is not null || query.ContainsKey(LiveName)))
        {
            refusal = new GatewayException(ErrorCode.InvalidData, "'inbox' goes with neither 'session_id' nor 'live': open another connection, or subscribe on this one.");
        }

        if (inbox is null && ((string[])[AssigneeName, WorkflowName, AfterName]).FirstOrDefault(query.ContainsKey) is { } lonely)
        {
            refusal = new GatewayException(ErrorCode.InvalidData, $"'{lonely}' needs 'inbox=true'.");
        }

        foreach (var (name, values) in query)
        {
            if (values.Count > 1 && Parameters.Contains(name)) refusal = new GatewayException(name == SessionIdName ? ErrorCode.InvalidSessionId : ErrorCode.InvalidData, $"'{name}' stands there {values.Count} times; give it once.");
            if (IsMisspelt(name)) refusal = new GatewayException(ErrorCode.InvalidData, $"There is no parameter '{name}'; there are {string.Join(", ", Parameters)}.");
        }

        return new ConnectionRequest(sessionId, afterSeq, snapshot, merge, live, inbox, refusal);
    }

    // Other parameters are passed over, but a slip in a known one would show its client the sessions of everybody.
    private static bool IsMisspelt(string name) =>
        !Parameters.Contains(name, StringComparer.OrdinalIgnoreCase) && (Bare(name) == "session" || Parameters.Any(known => Bare(known) == Bare(name)));

    private static string Bare(string name) => name.Replace("_", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal).ToLowerInvariant();

    private static bool Flag(IQueryCollection query, string name, bool absent, ref GatewayException? refusal)
    {
        if (!query.TryGetValue(name, out var text)) return absent;
        if (bool.TryParse(text, out var value)) return value;
        refusal = new GatewayException(ErrorCode.InvalidData, $"'{name}' is true or false.");
        return absent;
    }
}
