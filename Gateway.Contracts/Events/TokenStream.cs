using System.Runtime.Serialization;

namespace Gateway.Contracts;

/// <summary>A piece of text as a model or a user produced it.</summary>
[DataContract]
public sealed record TokenStream : IEventData
{
    /// <summary>The <see cref="AgentId"/> of what a user says.</summary>
    public const string UserAgentId = "user";

    /// <inheritdoc/>
    public static string EventName => "token_stream";

    /// <inheritdoc/>
    [DataMember(Name = "session_id")]
    public required string SessionId { get; init; }

    /// <summary>The node that speaks; null when a user speaks to the whole session.</summary>
    [DataMember(Name = "node_id")]
    public string? NodeId { get; init; }

    /// <summary>The agent that speaks, or <c>user</c>.</summary>
    [DataMember(Name = "agent_id")]
    public required string AgentId { get; init; }

    /// <summary>The text, to be appended to what the node has said so far.</summary>
    [DataMember(Name = "chunk")]
    public required string Chunk { get; init; }

    /// <summary>True for a model's reasoning, which is not part of its answer.</summary>
    [DataMember(Name = "is_thinking")]
    public required bool IsThinking { get; init; }

    /// <summary>Which round of a loop this is, when above 1; as in the node's last change of status.</summary>
    [DataMember(Name = "iteration")]
    public int? Iteration { get; init; }

    /// <summary>Of a node that stands for an item of a map: which item, from 0.</summary>
    [DataMember(Name = "item")]
    public int? Item { get; init; }

    /// <summary>Of words that answer a prompt: what was chosen, and by whom; absent where that is nothing.</summary>
    [DataMember(Name = "answer")]
    public PromptAnswer? Answer { get; init; }

    /// <summary>The call of a tool that the event tells of; the text is then a note about it, and no part of what the node says.</summary>
    [DataMember(Name = "tool")]
    public ToolCall? Tool { get; init; }
}
