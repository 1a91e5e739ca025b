using System.Runtime.Serialization;

namespace Gateway.Contracts;

/// <summary>The answer to a command that was accepted.</summary>
[DataContract]
public sealed record SessionAck
{
    /// <summary>The session the command was for.</summary>
    [DataMember(Name = "session_id")]
    public required string SessionId { get; init; }

    /// <summary>The event at which the command has taken effect: who has read it knows all that the command changed.</summary>
    /// <remarks>
    /// The last event that the command caused, or the session's last one when nothing was left to do. For a subscription, the event
    /// that it goes on after. Null from a gateway that does not tell it.
    /// </remarks>
    [DataMember(Name = "seq")]
    public long? Seq { get; init; }
}
