using System.Runtime.Serialization;
using System.Text.Json;

namespace Gateway.Contracts;

/// <summary>Says something to a session: answers an open prompt, or joins the conversation.</summary>
[DataContract]
public sealed record UserInput : ISessionCommand
{
    /// <summary>The session; absent: the one this connection last started or subscribed to.</summary>
    [DataMember(Name = "session_id")]
    public string? SessionId { get; init; }

    /// <summary>What the user says; not empty, but beside <see cref="Action"/> or <see cref="Data"/>.</summary>
    [DataMember(Name = "content")]
    public string? Content { get; init; }

    /// <summary>The prompt it answers; absent: the one that waits longest, if any.</summary>
    [DataMember(Name = "prompt_id")]
    public string? PromptId { get; init; }

    /// <summary>The node whose prompt it answers, instead of <see cref="PromptId"/>.</summary>
    [DataMember(Name = "node_id")]
    public string? NodeId { get; init; }

    /// <summary>Whether it is said to the whole session and answers no prompt, whatever is open.</summary>
    [DataMember(Name = "remark")]
    public bool? Remark { get; init; }

    /// <summary>The id of the prompt's action that is chosen; absent: <see cref="Content"/> names it, where the prompt has any.</summary>
    [DataMember(Name = "action")]
    public string? Action { get; init; }

    /// <summary>The answer as JSON, which fits the prompt's schema; absent: <see cref="Content"/> is read as JSON, where the prompt has one.</summary>
    [DataMember(Name = "data")]
    public JsonElement? Data { get; init; }
}
