using System.Runtime.Serialization;
using System.Text.Json.Serialization;

namespace Gateway.Contracts;

/// <summary>A prompt of some session in the inbox, which holds what waits for a person over all sessions.</summary>
/// <remarks>It is answered with <c>user_input</c>, which names the session and the prompt.</remarks>
[DataContract]
public sealed record InboxPrompt
{
    /// <summary>The session that asks.</summary>
    [DataMember(Name = "session_id")]
    public required string SessionId { get; init; }

    /// <summary>The workflow it runs.</summary>
    [DataMember(Name = "workflow_id")]
    public required string WorkflowId { get; init; }

    /// <summary>The node that asks; absent when the session itself does.</summary>
    [DataMember(Name = "node_id")]
    public string? NodeId { get; init; }

    /// <summary>Names the prompt in <c>user_input</c>; unique within the session.</summary>
    [DataMember(Name = "prompt_id")]
    public required string PromptId { get; init; }

    /// <summary>The event that showed what it says now, or after which it waits no more.</summary>
    [DataMember(Name = "seq")]
    public required long Seq { get; init; }

    /// <summary>Since when it waits, UTC; a prompt that is shown once more has waited since it was shown first.</summary>
    [DataMember(Name = "since"), JsonConverter(typeof(WireTimestampConverter))]
    public required DateTime Since { get; init; }

    /// <summary>What is asked, as the session's event has it; absent once it waits no more.</summary>
    [DataMember(Name = "prompt")]
    public Prompt? Prompt { get; init; }

    /// <summary>Why it waits no more, one of <see cref="PromptOutcome"/>; absent while it waits.</summary>
    [DataMember(Name = "outcome")]
    public string? Outcome { get; init; }

    /// <summary>The name of who answered it; absent where the gateway does not know it.</summary>
    [DataMember(Name = "by")]
    public string? By { get; init; }
}
