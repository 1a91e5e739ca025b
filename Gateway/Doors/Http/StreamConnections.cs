using Gateway.Admission;
using Gateway.Commands;
using Gateway.Delivery;
using Gateway.Delivery.Outputs;
using Gateway.Doors.Http.Answers;
using Gateway.Refusals;
using Gateway.Transport;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Doors.Http;

/// <summary>Answers requests with a session's events as a stream, in any form: each is a subscriber of the feed like any other.</summary>
internal sealed class StreamConnections(SessionCommands commands, SessionFeeds feeds, ConnectionLimiter limiter)
{
    /// <summary>Sends events until the session's last, a refusal, the client's leaving or the gateway's shutdown.</summary>
    /// <param name="context">The request.</param>
    /// <param name="stream">The form of the events.</param>
    /// <param name="sessionId">The session.</param>
    /// <param name="afterSeq">Events after this one are sent.</param>
    /// <returns>What is left to answer: nothing after a stream, 204 when the session has ended and the client has all of it, or a refusal.</returns>
    /// <exception cref="GatewayException">It is refused, and nothing has been answered yet.</exception>
    public async Task<IResult> AnswerAsync(HttpContext context, EventStream stream, string sessionId, long afterSeq)
    {
        // A client that was cut off at damage comes back right in front of it. A status other than 200 tells its EventSource
        // to stop, so the damage is looked for before the stream begins.
        if (!await commands.HasEventsAsync(RequestCaller.Of(context), sessionId, afterSeq, context.RequestAborted)) return TypedResults.NoContent();
        if (HttpMethods.IsHead(context.Request.Method))
        {
            context.Response.ContentType = stream.MediaType;
            EventStreamHeaders.Set(context.Response.Headers);
            return TypedResults.Empty;
        }

        using var place = limiter.TryEnter(context.Connection.RemoteIpAddress, out var refusal);
        if (place is null) return Problems.Result(refusal!.Code, refusal.Sentence, refusal.Status);

        using var start = await feeds.BeginAsync(sessionId, afterSeq, context.RequestAborted);
        await OpenAsync(context, stream);
        var sender = CreateSender(context, stream);
        try
        {
            await SendAsync(sender, start, context.RequestAborted);
        }
        finally
        {
            // Completes when nothing is written any more: what the server writes next is the end of the response.
            await feeds.RemoveAsync(sender);
        }

        return TypedResults.Empty;
    }

    // From here on a refusal is an event: the head is out, also where no preamble goes with it.
    private static async Task OpenAsync(HttpContext context, EventStream stream)
    {
        context.LetReadersBeSlow();
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        context.Response.ContentType = stream.MediaType;
        EventStreamHeaders.Set(context.Response.Headers);
        await context.Response.BodyWriter.WriteAsync(stream.Preamble, context.RequestAborted);
    }

    private FrameSender CreateSender(HttpContext context, EventStream stream) => DirectResponse.SocketOf(context) is { } socket
        ? feeds.CreateSender(new SocketOutput(socket), stream.Chunked, context.Abort)
        : feeds.CreateSender(new ResponseOutput(context.Response.BodyWriter, context.Features.Get<DirectSocketFeature>()?.Socket), stream.Bare, context.Abort);

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
