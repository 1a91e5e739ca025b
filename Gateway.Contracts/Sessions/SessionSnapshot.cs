using System.Runtime.Serialization;
using System.Text.Json.Serialization;

namespace Gateway.Contracts;

/// <summary>The folded state of a session at one seq: what a reader of all events up to it knows.</summary>
[DataContract]
public sealed record SessionSnapshot
{
    /// <summary>The session.</summary>
    [DataMember(Name = "session_id")]
    public required string SessionId { get; init; }

    /// <summary>The workflow it runs.</summary>
    [DataMember(Name = "workflow_id")]
    public required string WorkflowId { get; init; }

    /// <summary>One of <see cref="Contracts.SessionStatus"/>.</summary>
    [DataMember(Name = "status")]
    public required string Status { get; init; }

    /// <summary>Why it stands still, when it does; one of <see cref="Contracts.PauseReason"/>.</summary>
    [DataMember(Name = "pause_reason")]
    public string? PauseReason { get; init; }

    /// <summary>The last event folded in; 0 before the first.</summary>
    [DataMember(Name = "last_seq")]
    public required long LastSeq { get; init; }

    /// <summary>When the session was started, UTC.</summary>
    [DataMember(Name = "created_at"), JsonConverter(typeof(WireTimestampConverter))]
    public required DateTime CreatedAt { get; init; }

    /// <summary>Of a forked session: what it was forked from.</summary>
    [DataMember(Name = "forked_from")]
    public SessionOrigin? ForkedFrom { get; init; }

    /// <summary>The nodes by id, in the order of the workflow; behind them those for the items of maps, in the order in which they began.</summary>
    [DataMember(Name = "nodes")]
    public required IReadOnlyDictionary<string, NodeSnapshot> Nodes { get; init; }

    /// <summary>What users said to the whole session, in order.</summary>
    [DataMember(Name = "user_messages")]
    public required IReadOnlyList<string> UserMessages { get; init; }

    /// <summary>What users said while the session stood still, in order; it joins when that resumes.</summary>
    [DataMember(Name = "held_inputs")]
    public required IReadOnlyList<HeldInput> HeldInputs { get; init; }

    /// <summary>What the session itself asks, while it stands still for the answer: whether a budget is raised.</summary>
    [DataMember(Name = "prompt")]
    public Prompt? Prompt { get; init; }

    /// <summary>How far its budget is used up, where its workflow has one.</summary>
    [DataMember(Name = "budget")]
    public BudgetSnapshot? Budget { get; init; }

    /// <summary>What the session has consumed so far.</summary>
    [DataMember(Name = "totals")]
    public required Totals Totals { get; init; }

    /// <summary>The text that reached the end, once it did.</summary>
    [DataMember(Name = "output")]
    public string? Output { get; init; }

    /// <summary>The last error of the session, if any.</summary>
    [DataMember(Name = "error")]
    public string? Error { get; init; }

    /// <summary>The stable code of <see cref="Error"/>: one of <see cref="Contracts.ErrorCode"/>, or one of a node type that the gateway's host has added.</summary>
    /// <remarks><c>log_damaged</c>: the log could be folded only in part; status and last seq are nevertheless the session's own.</remarks>
    [DataMember(Name = "error_code")]
    public string? ErrorCode { get; init; }
}
