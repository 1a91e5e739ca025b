using System.Globalization;
using Gateway.Admission;
using Gateway.Commands;
using Gateway.Contracts;
using Gateway.Doors.Http.Answers;
using Gateway.Doors.Http.OpenApi;
using Gateway.Doors.Http.Parameters;
using Gateway.Refusals;
using Gateway.Transport;
using Microsoft.Net.Http.Headers;

namespace Gateway.Doors.Http;

/// <summary>The events of a session, as a JSON page or as a live stream.</summary>
internal static class EventEndpoints
{
    private const string EventStream = "text/event-stream";
    private const string LastEventId = "Last-Event-ID";

    private static readonly WholeNumberParameter AfterSeq = new("after_seq", "Only events after this seq.", long.MinValue, long.MaxValue, 0);
    private static readonly WholeNumberParameter Limit = new("limit", "At most so many events; a page may end earlier, at some 4 MiB: there are more while 'next_after_seq' is below 'last_seq'. A live stream has no limit.", 1, 1000, 100);

    public static void MapEvents(this IEndpointRouteBuilder api) => api.MapGet("/sessions/{id}/events", GetAsync)
        .WithTags("Events")
        .WithName("get_events")
        .WithSummary("Reads a session's events: a JSON page, or a live stream of Server-Sent Events.")
        .WithDescription(
            """
            With `Accept: text/event-stream` the answer is a stream: stored events, then live ones, with no seam, until `execution:completed`.
            Each has the event's seq as `id`, its name as `event` and its frame as `data`; a comment comes every 15 seconds.
            To resume send the last `id` as `Last-Event-ID` (browsers do so by themselves) or as `after_seq`. When nothing is left the answer is 204, which tells an `EventSource` to stop.
            In a browser an event named `error` reaches the same listeners as a lost connection; it is the one that has `data`.
            """)
        .WithSessionId()
        .WithQuery(AfterSeq, Limit)
        .WithHeaderParameter(LastEventId, "Stream only: the seq of the last event received; goes before `after_seq`.")
        .Answers<EventPage>(StatusCodes.Status200OK, "A page of events, or the stream.", "application/json", EventStream)
        .AnswersNothing("Stream only: the session has ended and the client has all of it.")
        .Refuses(ErrorCode.InvalidData, ErrorCode.InvalidSessionId, ErrorCode.SeqOutOfRange, ErrorCode.UnknownSession, ErrorCode.LimitExceeded, ErrorCode.ShuttingDown, ErrorCode.StorageUnavailable, ErrorCode.LogDamaged);

    private static async Task<IResult> GetAsync(string id, HttpContext context, SessionCommands commands, EventPages pages, ConnectionLimiter limiter, SseConnections connections, SseWires wires, CancellationToken cancellationToken)
    {
        context.Response.Headers.Vary = HeaderNames.Accept;
        var stream = WantsStream(context.Request);
        var afterSeq = (stream ? ReadLastEventId(context.Request) : null) ?? AfterSeq.Read(context.Request);
        var limit = (int)Limit.Read(context.Request);
        var caller = RequestCaller.Of(context);
        if (!stream)
        {
            // A reader of a page may take its time, and so takes a place like any other; while the gateway shuts down there are none
            // to give, and what there is to see can still be fetched.
            using var place = limiter.TryEnter(context.Connection.RemoteIpAddress, out var refusal);
            if (refusal is { Code: not ErrorCode.ShuttingDown }) return Problems.Result(refusal.Code, refusal.Sentence, refusal.Status);
            context.RequireReading();
            await pages.WriteAsync(context.Response, caller, id, afterSeq, limit, cancellationToken);
            return TypedResults.Empty;
        }

        // A client that was cut off at damage comes back right in front of it. A status other than 200 tells its EventSource
        // to stop, so the damage is looked for before the stream begins.
        if (!await commands.HasEventsAsync(caller, id, afterSeq, cancellationToken)) return TypedResults.NoContent();
        await connections.RunAsync(context, wires, id, afterSeq);
        return TypedResults.Empty;
    }

    private static bool WantsStream(HttpRequest request) =>
        request.GetTypedHeaders().Accept.Any(accept => accept.Quality != 0 && accept.MediaType.Equals(EventStream, StringComparison.OrdinalIgnoreCase));

    private static long? ReadLastEventId(HttpRequest request)
    {
        // Some clients send the header from the first request on, and have nothing to put into it yet.
        if (!request.Headers.TryGetValue(LastEventId, out var values) || values is [null or ""]) return null;
        if (values.Count == 1 && long.TryParse(values[0], NumberStyles.None, CultureInfo.InvariantCulture, out var seq)) return seq;
        throw new GatewayException(ErrorCode.InvalidData, $"'{LastEventId}' must be the seq of an event: a whole number, 0 or more.");
    }
}
