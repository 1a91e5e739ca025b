using System.Text;
using Gateway.Admission;
using Gateway.Commands;
using Gateway.Contracts;
using Gateway.Delivery;
using Gateway.Delivery.Wires;
using Gateway.Doors.Http.Answers;
using Gateway.Inbox;
using Gateway.Transport;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Doors.Http;

/// <summary>Answers requests with the changes of the inbox as Server-Sent Events.</summary>
internal sealed class InboxStream(InboxCommands inbox, SessionFeeds feeds, ConnectionLimiter limiter, WireRegistry wires)
{
    /// <summary>What a client asks for.</summary>
    public const string MediaType = "text/event-stream";

    /// <summary>A body as the API's description shows it.</summary>
    public const string Example =
        "retry: 3000\n\nid: 5f1c9a2b7d3e.41\nevent: prompt:opened\ndata: {\"event\":\"prompt:opened\",\"timestamp\":\"2026-11-22T10:00:00.1234567Z\",\"position\":\"5f1c9a2b7d3e.41\",\"data\":{\"session_id\":\"my-draft\",\"workflow_id\":\"reviewed-draft\",\"node_id\":\"review\",\"prompt_id\":\"review\",\"seq\":12,\"since\":\"2026-11-22T10:00:00.1234567Z\",\"prompt\":{\"prompt_id\":\"review\",\"text\":\"Is the draft good?\"}}}\n\n";

    private static readonly byte[] s_retry = "retry: 3000\n\n"u8.ToArray();

    private readonly SseWire _wire = new(wires.TrafficOf("sse"));

    /// <summary>Whether a client asks for the stream rather than for a page.</summary>
    public static bool IsWanted(HttpRequest request) => request.GetTypedHeaders().Accept.Any(accept => accept.Quality != 0 && accept.MediaType.Equals(MediaType, StringComparison.OrdinalIgnoreCase));

    /// <summary>Sends changes until the client leaves or the gateway shuts down.</summary>
    /// <returns>What is left to answer: nothing after a stream, or a refusal.</returns>
    /// <exception cref="Refusals.GatewayException">It is refused, and nothing has been answered yet.</exception>
    public async Task<IResult> AnswerAsync(HttpContext context, WatchInbox watch)
    {
        await inbox.RequireAsync(watch, context.RequestAborted);
        context.Response.ContentType = MediaType;
        EventStreamHeaders.Set(context.Response.Headers);
        if (HttpMethods.IsHead(context.Request.Method)) return TypedResults.Empty;

        using var place = limiter.TryEnter(context.Connection.RemoteIpAddress, out var refusal);
        if (place is null) return Problems.Result(refusal!.Code, refusal.Sentence, refusal.Status);

        context.LetReadersBeSlow();
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        await context.Response.BodyWriter.WriteAsync(s_retry, context.RequestAborted);
        var sender = feeds.CreateSender(new ResponseOutput(context.Response.BodyWriter, context.Features.Get<DirectSocketFeature>()?.Socket), _wire, context.Abort);
        using var left = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);

        // Called under the sender's lock.
        sender.Leaving = () => _ = left.CancelAsync();
        try
        {
            await foreach (var message in inbox.Watch(RequestCaller.Of(context), watch, left.Token)) await sender.SendAsync(Block(message));
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
            // The client has left, or the gateway shuts down: it comes back with its position.
        }
        finally
        {
            await feeds.RemoveAsync(sender);
        }

        return TypedResults.Empty;
    }

    // The JSON has no line break: it escapes those inside its strings.
    private static byte[] Block(InboxMessage message) =>
        [.. Encoding.UTF8.GetBytes($"id: {message.Frame.Position}\nevent: {message.Frame.Event}\ndata: "), .. message.Json, .. "\n\n"u8];
}
