using System.Runtime.Serialization;

namespace Gateway.Contracts;

/// <summary>Ends a subscription of a <c>/ws</c> connection; the session goes on.</summary>
[DataContract]
public sealed record Unsubscribe
{
    /// <summary>The session; absent: the one this connection last started or subscribed to.</summary>
    [DataMember(Name = "session_id")]
    public string? SessionId { get; init; }
}
