using System.Runtime.Serialization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Gateway.Contracts;

/// <summary>A node of a workflow's graph.</summary>
/// <remarks>What every node may have is a member here; what only nodes of one type have stands in <see cref="With"/>.</remarks>
[DataContract]
public sealed record NodeDefinition
{
    /// <summary>One of <see cref="NodeType"/>, or a type that the gateway's host has added.</summary>
    [DataMember(Name = "type")]
    public string? Type { get; init; }

    /// <summary>The nodes that follow; a parallel node may name several. In JSON and YAML one may stand without a list.</summary>
    [DataMember(Name = "next"), JsonConverter(typeof(StringOrListConverter))]
    public IReadOnlyList<string>? Next { get; init; }

    /// <summary>The agent that speaks at the node, where its type has one.</summary>
    [DataMember(Name = "agent")]
    public string? Agent { get; init; }

    /// <summary>What the node asks a user or its agent, where its type has a prompt; a template.</summary>
    [DataMember(Name = "prompt")]
    public string? Prompt { get; init; }

    /// <summary>A condition; where it does not hold when the node's turn comes, the node is skipped.</summary>
    [DataMember(Name = "when")]
    public string? When { get; init; }

    /// <summary>For which of the nodes before it the node waits: <c>"all"</c> that can still reach it, <c>"any"</c> one, or <c>{"quorum": n}</c>.</summary>
    [DataMember(Name = "join")]
    public JsonElement? Join { get; init; }

    /// <summary>What follows when the node fails; one of <see cref="ErrorPolicy"/>.</summary>
    [DataMember(Name = "on_error")]
    public string? OnError { get; init; }

    /// <summary>When its work is tried again after it has failed; absent: never. Of nodes that call a model or a tool.</summary>
    [DataMember(Name = "retry")]
    public RetryPolicy? Retry { get; init; }

    /// <summary>How long its work may take; absent: as long as it takes.</summary>
    [DataMember(Name = "timeout")]
    public TimeoutPolicy? Timeout { get; init; }

    /// <summary>The models that are asked, one after the other, where the agent's own has failed before its first word.</summary>
    [DataMember(Name = "fallback"), JsonConverter(typeof(StringOrListConverter))]
    public IReadOnlyList<string>? Fallback { get; init; }

    /// <summary>How much the node may consume in a session, with its body and in all rounds and attempts, before the session stands still and asks; absent: any amount.</summary>
    [DataMember(Name = "budget")]
    public BudgetPolicy? Budget { get; init; }

    /// <summary>Parameters that only the node's type knows: a JSON object.</summary>
    [DataMember(Name = "with")]
    public JsonElement? With { get; init; }
}
