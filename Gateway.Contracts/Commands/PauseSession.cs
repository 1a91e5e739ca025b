using System.Runtime.Serialization;

namespace Gateway.Contracts;

/// <summary>Asks a session to stand still.</summary>
[DataContract]
public sealed record PauseSession : ISessionCommand
{
    /// <summary>The session; absent: the one this connection last started or subscribed to.</summary>
    [DataMember(Name = "session_id")]
    public string? SessionId { get; init; }
}
