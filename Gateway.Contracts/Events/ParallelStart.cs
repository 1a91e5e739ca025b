using System.Runtime.Serialization;

namespace Gateway.Contracts;

/// <summary>A parallel node is about to start its branches side by side.</summary>
[DataContract]
public sealed record ParallelStart : IEventData
{
    /// <inheritdoc/>
    public static string EventName => "node:parallel_start";

    /// <inheritdoc/>
    [DataMember(Name = "session_id")]
    public required string SessionId { get; init; }

    /// <summary>The parallel node.</summary>
    [DataMember(Name = "node_id")]
    public required string NodeId { get; init; }

    /// <summary>The nodes that start now.</summary>
    [DataMember(Name = "branches")]
    public required IReadOnlyList<string> Branches { get; init; }

    /// <summary>Which round of a loop this is, when above 1; as in the node's last change of status.</summary>
    [DataMember(Name = "iteration")]
    public int? Iteration { get; init; }

    /// <summary>Of a node that stands for an item of a map: which item, from 0.</summary>
    [DataMember(Name = "item")]
    public int? Item { get; init; }
}
