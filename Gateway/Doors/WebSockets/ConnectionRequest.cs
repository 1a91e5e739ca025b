using System.Globalization;
using Gateway.Contracts;
using Gateway.Refusals;
using Microsoft.AspNetCore.WebUtilities;

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

    private static readonly string[] OfInbox = [AssigneeName, WorkflowName, AfterName];

    /// <summary>The parameters that an address may have.</summary>
    public static IReadOnlyList<string> Parameters { get; } = [SessionIdName, AfterSeqName, SnapshotName, MergeName, LiveName, InboxName, AssigneeName, WorkflowName, AfterName];

    /// <summary>Whether it is for the live events of all sessions.</summary>
    public bool IsBroadcast => SessionId is null && Live && Inbox is null && Refusal is null;

    /// <summary>Whether it is for what the client will ask for, and nothing else.</summary>
    public bool IsQuiet => SessionId is null && !Live && Inbox is null && Refusal is null;

    /// <summary>The subscription that the address asks for.</summary>
    public Subscribe ToCommand() => new() { SessionId = SessionId, AfterSeq = AfterSeq, Snapshot = Snapshot };

    /// <summary>Reads the query: what stands in the address from its question mark on; nothing or null when it has none.</summary>
    public static ConnectionRequest Parse(string? query)
    {
        var given = new GivenParameter[Parameters.Count];
        GatewayException? misspelt = null;
        GatewayException? misspeltOfInbox = null;
        foreach (var parameter in new QueryStringEnumerable(query))
        {
            var name = parameter.DecodeName();
            if (IndexOf(name.Span) is var index and >= 0) given[index].Add(parameter.DecodeValue());
            else if (FindMisspelt(name.ToString(), OfInbox) is { } ofInbox) misspeltOfInbox = ofInbox;
            else misspelt = FindMisspelt(name.ToString(), Parameters) ?? misspelt;
        }

        GatewayException? refusal = null;
        var sessionId = Given(SessionIdName).ToString();
        var afterSeq = WholeNumber(Given(AfterSeqName), AfterSeqName, ref refusal);
        var snapshot = Flag(Given(SnapshotName), SnapshotName, false, ref refusal);
        var merge = Flag(Given(MergeName), MergeName, false, ref refusal);
        var live = Flag(Given(LiveName), LiveName, true, ref refusal);
        if (sessionId is not null && Given(LiveName).Count > 0) refusal = new GatewayException(ErrorCode.InvalidData, "'live' is for an address without a 'session_id': that session's events are sent anyway.");
        if (sessionId is null && (Given(AfterSeqName).Count > 0 || snapshot))
        {
            refusal = new GatewayException(ErrorCode.InvalidData, "'after_seq' and 'snapshot' need a 'session_id'.");
        }

        var inbox = Flag(Given(InboxName), InboxName, false, ref refusal) ? new WatchInbox { Assignee = Given(AssigneeName).ToString(), WorkflowId = Given(WorkflowName).ToString(), After = Given(AfterName).ToString() } : null;
        if (inbox is not null && (sessionId is not null || Given(LiveName).Count > 0))
        {
            refusal = new GatewayException(ErrorCode.InvalidData, "'inbox' goes with neither 'session_id' nor 'live': open another connection, or subscribe on this one.");
        }

        // These are names that an address may have had for itself before there was an inbox.
        var isOfInbox = Given(InboxName).Count > 0;
        if (isOfInbox && inbox is null && Array.Find(OfInbox, name => Given(name).Count > 0) is { } lonely)
        {
            refusal = new GatewayException(ErrorCode.InvalidData, $"'{lonely}' needs 'inbox=true'.");
        }

        for (var i = 0; i < given.Length; i++)
        {
            if (given[i].Count > 1 && (isOfInbox || !OfInbox.Contains(Parameters[i]))) refusal = new GatewayException(Parameters[i] == SessionIdName ? ErrorCode.InvalidSessionId : ErrorCode.InvalidData, $"'{Parameters[i]}' stands there {given[i].Count} times; give it once.");
        }

        return new ConnectionRequest(sessionId, afterSeq, snapshot, merge, live, inbox, misspelt ?? (isOfInbox ? misspeltOfInbox : null) ?? refusal);

        GivenParameter Given(string name) => given[IndexOf(name)];
    }

    private static int IndexOf(ReadOnlySpan<char> name)
    {
        for (var i = 0; i < Parameters.Count; i++)
        {
            if (name.Equals(Parameters[i], StringComparison.OrdinalIgnoreCase)) return i;
        }

        return -1;
    }

    // Other parameters are passed over, but a slip in a known one would show its client the sessions of everybody.
    private static GatewayException? FindMisspelt(string name, IEnumerable<string> names) =>
        (names == Parameters && Bare(name) == "session") || names.Any(known => Bare(known) == Bare(name))
            ? new GatewayException(ErrorCode.InvalidData, $"There is no parameter '{name}'; there are {string.Join(", ", Parameters)}.")
            : null;

    private static string Bare(string name) => name.Replace("_", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal).ToLowerInvariant();

    private static long WholeNumber(in GivenParameter given, string name, ref GatewayException? refusal)
    {
        if (given.Text is not { } text) return 0;
        if (long.TryParse(text.Span, NumberStyles.Integer, CultureInfo.InvariantCulture, out var value)) return value;
        refusal = new GatewayException(ErrorCode.InvalidData, $"'{name}' is a whole number.");
        return 0;
    }

    private static bool Flag(in GivenParameter given, string name, bool absent, ref GatewayException? refusal)
    {
        if (given.Text is not { } text) return absent;
        if (bool.TryParse(text.Span, out var value)) return value;
        refusal = new GatewayException(ErrorCode.InvalidData, $"'{name}' is true or false.");
        return absent;
    }

    // What the query says for one of the parameters.
    private struct GivenParameter
    {
        public ReadOnlyMemory<char>? Text { get; private set; }

        public int Count { get; private set; }

        public void Add(ReadOnlyMemory<char> text) => (Text, Count) = (text, Count + 1);

        public override readonly string? ToString() => Text?.ToString();
    }
}
