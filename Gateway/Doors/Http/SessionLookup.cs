using Gateway.Contracts;
using Gateway.Log;
using Gateway.Refusals;

namespace Gateway.Doors.Http;

/// <summary>Finds a session in the log, or refuses.</summary>
internal static class SessionLookup
{
    /// <exception cref="GatewayException"><c>invalid_session_id</c>, <c>unknown_session</c>.</exception>
    public static async Task<SessionEntry> RequireAsync(this ISessionLog log, string id, CancellationToken cancellationToken) =>
        await log.FindAsync(SessionId.Require(id), cancellationToken) ?? throw Unknown(id);

    public static GatewayException Unknown(string id) =>
        new(ErrorCode.UnknownSession, $"There is no session '{id}'; GET {HttpApi.Root}/sessions lists them.");
}
