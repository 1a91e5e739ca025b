using System.Text.Json;

namespace Gateway.Contracts;

/// <summary>Asks for a new session that shares the history of another one up to an event, and goes on differently.</summary>
/// <remarks>Asking again with the same <see cref="SessionId"/> and content is a no-op; with other content it is refused.</remarks>
public sealed record ForkSession
{
    /// <summary>The last event of the other session that both share; absent: the last there is before its end.</summary>
    public long? AfterSeq { get; init; }

    /// <summary>The id of the new session, <c>[A-Za-z0-9_-]{1,64}</c>; absent: the gateway chooses.</summary>
    public string? SessionId { get; init; }

    /// <summary>What the agents work on from here, a string or an object, which fits the workflow's <c>inputs</c>; absent: the same.</summary>
    public JsonElement? Input { get; init; }

    /// <summary>What is different in the workflow from here on; absent: nothing.</summary>
    public ForkEdits? Edits { get; init; }
}
