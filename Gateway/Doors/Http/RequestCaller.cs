using Gateway.Admission;

namespace Gateway.Doors.Http;

/// <summary>Who sends a request.</summary>
internal static class RequestCaller
{
    /// <summary>Whom the host's authentication has found, where the gateway is embedded in one that has any; else the anonymous caller.</summary>
    public static Caller Of(HttpContext context) => Caller.Of(context.User);
}
