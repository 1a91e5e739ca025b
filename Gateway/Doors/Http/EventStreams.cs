using Gateway.Admission;
using Gateway.Delivery;
using Gateway.Delivery.Wires;
using Gateway.Lifetime;
using Gateway.Log;
using Gateway.Refusals;
using Gateway.Transport;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;

namespace Gateway.Doors.Http;

/// <summary>Answers requests with a session's events as Server-Sent Events.</summary>
internal sealed class EventStreams(ISessionReader reader, TimeProvider time, ConnectionLimiter limiter, StreamRegistry streams, DrainState drain, IOptions<ShutdownOptions> shutdown)
{
    private int _leaving;

    /// <summary>Writes events until the session's last, the client's leaving or the gateway's shutdown.</summary>
    public async Task WriteAsync(HttpContext context, string sessionId, long afterSeq)
    {
        using var place = limiter.TryEnter(context.Connection.RemoteIpAddress, out var refusal);
        if (place is null)
        {
            await Problems.Result(refusal!.Code, refusal.Sentence, refusal.Status).ExecuteAsync(context);
            return;
        }

        context.LetReadersBeSlow();
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-cache, no-store";
        // nginx and its kin would collect the stream before passing it on.
        context.Response.Headers["X-Accel-Buffering"] = "no";

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, drain.Cut);
        var watch = streams.Add(sessionId, afterSeq, context.Features.Get<DirectSocketFeature>()?.Socket, context.Abort);
        await using var stream = new EventStream(reader.ReadAsync(sessionId, afterSeq, stop.Token), context.Response.BodyWriter, time, stop, watch);
        try
        {
            await stream.WriteAllAsync();
            if (drain.Leaving.IsCancellationRequested) await AwaitTurnAsync(stop.Token);
        }
        catch (Exception exception) when (stream.IsOpen && exception is GatewayException or DamagedLogException)
        {
            var end = exception as GatewayException ?? RefusalFrame.Damaged(sessionId, exception);
            await stream.RefuseAsync(RefusalFrame.ToJson(RefusalFrame.Create(sessionId, end, time.GetUtcNow().UtcDateTime)));
        }
        catch (OperationCanceledException) when (drain.Cut.IsCancellationRequested)
        {
            // The stream just ends; its client comes back with the last id it has.
        }
        finally
        {
            streams.Remove(watch);
        }
    }

    // All readers find at the same moment that the gateway shuts down; their clients should not come back at the same moment.
    private async Task AwaitTurnAsync(CancellationToken cancellationToken)
    {
        var connections = limiter.Count;
        var turn = DrainPace.For(connections, shutdown.Value.DrainWindow).TurnOf(Interlocked.Increment(ref _leaving) - 1, connections);
        if (turn > TimeSpan.Zero) await Task.Delay(turn, time, cancellationToken);
    }
}
