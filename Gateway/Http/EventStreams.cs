using Gateway.Delivery;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Http;

/// <summary>Answers requests with a session's events as Server-Sent Events.</summary>
internal sealed class EventStreams(ISessionReader reader, TimeProvider time, IHostApplicationLifetime lifetime)
{
    /// <summary>Writes events until the session's last, the client's leaving or the gateway's shutdown.</summary>
    public async Task WriteAsync(HttpContext context, string sessionId, long afterSeq)
    {
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-cache, no-store";
        // nginx and its kin would collect the stream before passing it on.
        context.Response.Headers["X-Accel-Buffering"] = "no";

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        await using var stream = new EventStream(reader.ReadAsync(sessionId, afterSeq, stop.Token), context.Response.BodyWriter, time, stop);
        try
        {
            await stream.WriteAllAsync();
        }
        catch (OperationCanceledException) when (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            // The stream just ends; its client comes back with the last id it has.
        }
    }
}
