using System.Globalization;
using Gateway.Admission;
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
    private static readonly WholeNumberParameter Limit = new("limit", "At most so many events; a page may end earlier, at some 4 MiB: there are more while 'next_after_seq' is below 'last_seq'. A live stream has no limit.", 1, 10_000, 100);

    /// <summary>After which event one wants to go on.</summary>
    public static WholeNumberParameter AfterSeq { get; } = new("after_seq", "Only events after this seq.", long.MinValue, long.MaxValue, 0);

    public static void MapEvents(this IEndpointRouteBuilder api)
    {
        var streams = api.ServiceProvider.GetRequiredService<EventStreams>().All;
        api.MapGet("/sessions/{id}/events", GetAsync)
            .WithTags("Events")
            .WithName("get_events")
            .WithSummary("Reads a session's events: a JSON page, or a live stream.")
            .WithDescription(
                $"""
                With an `Accept` of {string.Join(" or ", streams.Select(stream => $"`{stream.MediaType}`"))} the answer is a stream: stored events, then live ones, with no seam, until `execution:completed`.
                To resume send the last seq as `Last-Event-ID` (browsers do so by themselves) or as `after_seq`. When nothing is left the answer is 204, which tells an `EventSource` to stop.
                {string.Join("\n", streams.Select(stream => $"`{stream.MediaType}`: {stream.Description}"))}
                """)
            .WithSessionId()
            .WithQuery(AfterSeq, Limit)
            .WithHeaderParameter(SseHeaders.LastEventId, "Stream only: the seq of the last event received; goes before `after_seq`.")
            .Answers<EventPage>(StatusCodes.Status200OK, "A page of events, or the stream.")
            .AnswersStreams(streams.Select(stream => (stream.MediaType, stream.Example)))
            .AnswersNothing("Stream only: the session has ended and the client has all of it.")
            .Refuses(ErrorCode.InvalidData, ErrorCode.InvalidSessionId, ErrorCode.SeqOutOfRange, ErrorCode.UnknownSession, ErrorCode.LimitExceeded, ErrorCode.ShuttingDown, ErrorCode.StorageUnavailable, ErrorCode.LogDamaged);
    }

    private static async Task<IResult> GetAsync(string id, HttpContext context, EventPages pages, ConnectionLimiter limiter, StreamConnections connections, EventStreams streams, CancellationToken cancellationToken)
    {
        context.Response.Headers.Vary = HeaderNames.Accept;
        var stream = streams.Wanted(context.Request);
        var afterSeq = (stream is null ? null : ReadLastEventId(context.Request)) ?? AfterSeq.Read(context.Request);
        var limit = (int)Limit.Read(context.Request);
        if (stream is not null) return await connections.AnswerAsync(context, stream, id, afterSeq);

        // A reader of a page may take its time, and so takes a place like any other; while the gateway shuts down there are none
        // to give, and what there is to see can still be fetched.
        using var place = limiter.TryEnter(context.Connection.RemoteIpAddress, out var refusal);
        if (refusal is { Code: not ErrorCode.ShuttingDown }) return Problems.Result(refusal.Code, refusal.Sentence, refusal.Status);
        context.RequireReading();
        await pages.WriteAsync(context.Response, RequestCaller.Of(context), id, afterSeq, limit, cancellationToken);
        return TypedResults.Empty;
    }

    private static long? ReadLastEventId(HttpRequest request)
    {
        // Some clients send the header from the first request on, and have nothing to put into it yet.
        if (!request.Headers.TryGetValue(SseHeaders.LastEventId, out var values) || values is [null or ""]) return null;
        if (values.Count == 1 && long.TryParse(values[0], NumberStyles.None, CultureInfo.InvariantCulture, out var seq)) return seq;
        throw new GatewayException(ErrorCode.InvalidData, $"'{SseHeaders.LastEventId}' must be the seq of an event: a whole number, 0 or more.");
    }
}
