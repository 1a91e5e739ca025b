using System.Runtime.Serialization;

namespace Gateway.Contracts;

/// <summary>Where the history of a forked session comes from.</summary>
[DataContract]
public sealed record SessionOrigin
{
    /// <summary>The session that it was forked from, which may have been deleted since.</summary>
    [DataMember(Name = "session_id")]
    public required string SessionId { get; init; }

    /// <summary>The last event that both share; 0 when they share none.</summary>
    [DataMember(Name = "seq")]
    public required long Seq { get; init; }
}
