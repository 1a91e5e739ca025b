using System.Runtime.Serialization;
using System.Text.Json;

namespace Gateway.Contracts;

/// <summary>Asks for a new session that shares the history of another one up to an event, and goes on differently.</summary>
/// <remarks>Asking again with the same <see cref="SessionId"/> and content is a no-op; with other content it is refused.</remarks>
[DataContract]
public sealed record ForkSession
{
    /// <summary>The session whose history is shared; absent: the one this connection last started or subscribed to, or, over HTTP, that of the address.</summary>
    [DataMember(Name = "source_session_id")]
    public string? SourceSessionId { get; init; }

    /// <summary>The last event of the other session that both share; absent: the last there is before its end.</summary>
    [DataMember(Name = "after_seq")]
    public long? AfterSeq { get; init; }

    /// <summary>The id of the new session, <c>[A-Za-z0-9_-]{1,64}</c>; absent: the gateway chooses.</summary>
    [DataMember(Name = "session_id")]
    public string? SessionId { get; init; }

    /// <summary>What the agents work on from here, a string or an object, which fits the workflow's <c>inputs</c>; absent: the same.</summary>
    [DataMember(Name = "input")]
    public JsonElement? Input { get; init; }

    /// <summary>What is different in the workflow from here on; absent: nothing.</summary>
    [DataMember(Name = "edits")]
    public ForkEdits? Edits { get; init; }
}
