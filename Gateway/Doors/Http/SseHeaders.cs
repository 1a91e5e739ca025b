namespace Gateway.Doors.Http;

/// <summary>Headers of Server-Sent Events that the framework has no name for.</summary>
internal static class SseHeaders
{
    /// <summary>The <c>id</c> of the last block that a client has received.</summary>
    public const string LastEventId = "Last-Event-ID";
}
