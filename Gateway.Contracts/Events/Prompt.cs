using System.Runtime.Serialization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Gateway.Contracts;

/// <summary>A question a suspended node asks; the first valid answer wins.</summary>
/// <remarks>All but the id and the words may be absent. A client that knows only those shows the words and sends words back.</remarks>
[DataContract]
public sealed record Prompt
{
    /// <summary>Names the prompt in <c>user_input</c>; unique within the session.</summary>
    [DataMember(Name = "prompt_id")]
    public required string PromptId { get; init; }

    /// <summary>The question to show.</summary>
    [DataMember(Name = "text")]
    public required string Text { get; init; }

    /// <summary>What kind of decision is asked for, one of <see cref="PromptKind"/>; absent: a review of a workflow.</summary>
    [DataMember(Name = "kind")]
    public string? Kind { get; init; }

    /// <summary>What can be chosen; absent: the answer is free.</summary>
    [DataMember(Name = "actions")]
    public IReadOnlyList<PromptAction>? Actions { get; init; }

    /// <summary>A JSON Schema that the <c>data</c> of an answer fits.</summary>
    [DataMember(Name = "schema")]
    public JsonElement? Schema { get; init; }

    /// <summary>What is decided about, as JSON, such as the arguments of a tool call; an answer that edits has such data.</summary>
    [DataMember(Name = "data")]
    public JsonElement? Data { get; init; }

    /// <summary>Who is to answer, by name; absent: anybody.</summary>
    [DataMember(Name = "assignees")]
    public IReadOnlyList<string>? Assignees { get; init; }

    /// <summary>When the people who are to answer are reminded, UTC; absent: never.</summary>
    [DataMember(Name = "remind_at"), JsonConverter(typeof(WireTimestampConverter))]
    public DateTime? RemindAt { get; init; }

    /// <summary>When it is too late for an answer, UTC; absent: never.</summary>
    [DataMember(Name = "expires_at"), JsonConverter(typeof(WireTimestampConverter))]
    public DateTime? ExpiresAt { get; init; }

    /// <summary>What follows when nobody has answered by then: <c>fail</c>, <c>approve</c>, <c>reject</c> or <c>skip</c>.</summary>
    [DataMember(Name = "on_expiry")]
    public string? OnExpiry { get; init; }

    /// <summary>True when the prompt is shown once more as a reminder; absent otherwise.</summary>
    [DataMember(Name = "reminder")]
    public bool? Reminder { get; init; }

    /// <summary>The call of a tool that waits for approval; null where the question is another.</summary>
    [DataMember(Name = "tool")]
    public ToolCall? Tool { get; init; }
}
