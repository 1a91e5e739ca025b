using Gateway.Contracts;

namespace Gateway.Refusals;

/// <summary>The form of session ids, and new ones.</summary>
internal static class SessionId
{
    /// <summary>A new id, ordered by time.</summary>
    public static string Create(TimeProvider time) => $"s-{Guid.CreateVersion7(time.GetUtcNow()):N}";

    /// <summary>Returns the id when it is of the form <c>[A-Za-z0-9_-]{1,64}</c>.</summary>
    /// <exception cref="GatewayException"><c>invalid_session_id</c>.</exception>
    public static string Require(string id) =>
        IdForm.Matches(id) ? id : throw new GatewayException(ErrorCode.InvalidSessionId, $"A session id has {IdForm.Words}.");

    /// <summary>The refusal of an id that no session has.</summary>
    public static GatewayException Unknown(string id) => new(ErrorCode.UnknownSession, $"There is no session '{id}'.");
}
