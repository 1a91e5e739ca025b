using System.Runtime.Serialization;

namespace Gateway.Contracts;

/// <summary>User input that waits for a paused session to resume.</summary>
[DataContract]
public sealed record HeldInput
{
    /// <summary>What the user said.</summary>
    [DataMember(Name = "content")]
    public required string Content { get; init; }

    /// <summary>The node whose prompt it answers; null when it is said to the whole session.</summary>
    [DataMember(Name = "node_id")]
    public string? NodeId { get; init; }

    /// <summary>Where it answers a prompt: what was chosen, and by whom; absent where that is nothing.</summary>
    [DataMember(Name = "answer")]
    public PromptAnswer? Answer { get; init; }
}
