using System.Runtime.Serialization;

namespace Gateway.Contracts;

/// <summary>The answer to a command that was accepted.</summary>
[DataContract]
public sealed record SessionAck
{
    /// <summary>The session the command was for.</summary>
    [DataMember(Name = "session_id")]
    public required string SessionId { get; init; }
}
