using System.Runtime.Serialization;

namespace Gateway.Contracts;

/// <summary>Asks a session to end as cancelled.</summary>
[DataContract]
public sealed record CancelSession : ISessionCommand
{
    /// <summary>The session; absent: the one this connection last started or subscribed to.</summary>
    [DataMember(Name = "session_id")]
    public string? SessionId { get; init; }
}
