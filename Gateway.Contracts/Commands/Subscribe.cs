using System.Runtime.Serialization;

namespace Gateway.Contracts;

/// <summary>Asks for a session's events on a <c>/ws</c> connection.</summary>
[DataContract]
public sealed record Subscribe
{
    /// <summary>The session.</summary>
    [DataMember(Name = "session_id")]
    public string? SessionId { get; init; }

    /// <summary>Send the events after this one; 0 or absent: from the first.</summary>
    [DataMember(Name = "after_seq")]
    public long? AfterSeq { get; init; }

    /// <summary>True: send the folded state first and then only what follows it.</summary>
    [DataMember(Name = "snapshot")]
    public bool? Snapshot { get; init; }
}
