using System.Runtime.Serialization;

namespace Gateway.Contracts;

/// <summary>Asks a paused session to go on.</summary>
[DataContract]
public sealed record ResumeSession : ISessionCommand
{
    /// <summary>The session; absent: the one this connection last started or subscribed to.</summary>
    [DataMember(Name = "session_id")]
    public string? SessionId { get; init; }
}
