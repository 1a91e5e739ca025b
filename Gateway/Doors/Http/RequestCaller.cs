using Gateway.Admission;

namespace Gateway.Doors.Http;

/// <summary>Who sends a request.</summary>
internal static class RequestCaller
{
    /// <summary>Today always the anonymous caller.</summary>
    public static Caller Of(HttpContext _) => Caller.Anonymous;
}
