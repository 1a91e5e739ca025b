using System.Runtime.Serialization;
using System.Text.Json;

namespace Gateway.Contracts;

/// <summary>Asks for a new session of a workflow.</summary>
/// <remarks>Starting an existing id again with the same content is a no-op; with other content it is refused.</remarks>
[DataContract]
public sealed record StartSession
{
    /// <summary>The workflow to run; <see cref="TemplateId"/> is its other name.</summary>
    [DataMember(Name = "workflow_id")]
    public string? WorkflowId { get; init; }

    /// <summary>The name known clients use for <see cref="WorkflowId"/>.</summary>
    [DataMember(Name = "template_id")]
    public string? TemplateId { get; init; }

    /// <summary>A whole definition, instead of the id of a stored one; a node's <c>with</c> is a free object, checked by the node's type.</summary>
    [DataMember(Name = "workflow")]
    public WorkflowDefinition? Workflow { get; init; }

    /// <summary>What the agents work on: a string or an object, which fits the workflow's <c>inputs</c>.</summary>
    [DataMember(Name = "input")]
    public JsonElement? Input { get; init; }

    /// <summary>The input as plain text; used when <see cref="Input"/> is absent.</summary>
    [DataMember(Name = "subject")]
    public string? Subject { get; init; }

    /// <summary>An id chosen by the client, <c>[A-Za-z0-9_-]{1,64}</c>; absent: the gateway chooses.</summary>
    [DataMember(Name = "session_id")]
    public string? SessionId { get; init; }
}
