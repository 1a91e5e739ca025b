using Gateway.Admission;
using Gateway.Delivery;
using Gateway.Delivery.Outputs;
using Gateway.Doors.Http.Answers;
using Gateway.Refusals;
using Gateway.Transport;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Doors.Http;

/// <summary>Answers requests with a session's events as Server-Sent Events: each is a subscriber of the feed like any other.</summary>
internal sealed class SseConnections(SessionFeeds feeds, ConnectionLimiter limiter)
{
    /// <summary>Sends events until the session's last, a refusal, the client's leaving or the gateway's shutdown.</summary>
    /// <param name="context">The request.</param>
    /// <param name="wires">How the events look.</param>
    /// <param name="sessionId">The session.</param>
    /// <param name="afterSeq">Events after this one are sent.</param>
    /// <exception cref="GatewayException">It is refused, and nothing has been answered yet.</exception>
    public async Task RunAsync(HttpContext context, ResponseWires wires, string sessionId, long afterSeq)
    {
        using var place = limiter.TryEnter(context.Connection.RemoteIpAddress, out var refusal);
        if (place is null)
        {
            await Problems.Result(refusal!.Code, refusal.Sentence, refusal.Status).ExecuteAsync(context);
            return;
        }

        using var start = await feeds.BeginAsync(sessionId, afterSeq, context.RequestAborted);
        await OpenAsync(context);
        var sender = CreateSender(context, wires);
        try
        {
            await SendAsync(sender, start, context.RequestAborted);
        }
        finally
        {
            // Completes when nothing is written any more: what the server writes next is the end of the response.
            await feeds.RemoveAsync(sender);
        }
    }

    // From here on a refusal is an event: the head is out.
    private static async Task OpenAsync(HttpContext context)
    {
        context.LetReadersBeSlow();
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        context.Response.ContentType = "text/event-stream";
        EventStreamHeaders.Set(context.Response.Headers);
        await context.Response.BodyWriter.WriteAsync("retry: 3000\n\n"u8.ToArray(), context.RequestAborted);
    }

    private FrameSender CreateSender(HttpContext context, ResponseWires wires) => DirectResponse.SocketOf(context) is { } socket
        ? feeds.CreateSender(new SocketOutput(socket), wires.Chunked, context.Abort)
        : feeds.CreateSender(new ResponseOutput(context.Response.BodyWriter, context.Features.Get<DirectSocketFeature>()?.Socket), wires.Bare, context.Abort);

    private async Task SendAsync(FrameSender sender, SubscriptionStart start, CancellationToken aborted)
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var left = aborted.UnsafeRegister(static ended => ((TaskCompletionSource)ended!).TrySetResult(), ended);
        sender.Leaving = () => ended.TrySetResult();
        sender.LeavesAtEnd = true;
        try
        {
            feeds.Subscribe(sender, start, merge: false);
        }
        catch (GatewayException refusal)
        {
            sender.Refuse(start.Feed.SessionId, refusal);
        }

        await ended.Task;
    }
}
