using Gateway.Contracts;

namespace Gateway.Refusals;

/// <summary>The refusal of a command that leaves its session out on a connection that has none.</summary>
internal static class NoSession
{
    /// <summary>Creates the refusal.</summary>
    public static GatewayException Create() =>
        new(ErrorCode.NoSession, "'session_id' is missing, and this connection has not started or subscribed to a session yet.");
}
