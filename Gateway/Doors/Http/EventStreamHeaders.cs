namespace Gateway.Doors.Http;

/// <summary>What a stream of events says to those it passes on its way.</summary>
internal static class EventStreamHeaders
{
    /// <summary>Asks everybody in between to pass each event on as it comes.</summary>
    /// <remarks>nginx would collect the stream in a buffer, other proxies in the window of a compression; both know a header that keeps them from it.</remarks>
    public static void Set(IHeaderDictionary headers)
    {
        headers.CacheControl = "no-cache, no-store, no-transform";
        headers["X-Accel-Buffering"] = "no";
    }
}
