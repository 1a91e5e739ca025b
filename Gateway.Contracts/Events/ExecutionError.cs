using System.Runtime.Serialization;

namespace Gateway.Contracts;

/// <summary>Something in a session failed; the <c>error</c> event.</summary>
[DataContract]
public sealed record ExecutionError : IEventData
{
    /// <inheritdoc/>
    public static string EventName => "error";

    /// <inheritdoc/>
    [DataMember(Name = "session_id")]
    public required string SessionId { get; init; }

    /// <summary>The node that failed; null when it concerns the whole session.</summary>
    [DataMember(Name = "node_id")]
    public string? NodeId { get; init; }

    /// <summary>A sentence for people.</summary>
    [DataMember(Name = "error")]
    public required string Error { get; init; }

    /// <summary>A stable code for programs: one of <see cref="ErrorCode"/>, or one of a node type that the gateway's host has added.</summary>
    [DataMember(Name = "code")]
    public required string Code { get; init; }

    /// <summary>Which round of a loop this is, when above 1; as in the node's last change of status.</summary>
    [DataMember(Name = "iteration")]
    public int? Iteration { get; init; }

    /// <summary>Of a node that stands for an item of a map: which item, from 0.</summary>
    [DataMember(Name = "item")]
    public int? Item { get; init; }
}
