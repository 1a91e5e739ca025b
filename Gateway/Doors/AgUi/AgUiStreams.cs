using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Admission;
using Gateway.Commands;
using Gateway.Contracts;
using Gateway.Delivery;
using Gateway.Delivery.Wires;
using Gateway.Doors.Http;
using Gateway.Doors.Http.Answers;
using Gateway.Log;
using Gateway.Refusals;
using Gateway.Transport;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Doors.AgUi;

/// <summary>Answers runs with a session's events as those of AG-UI, over Server-Sent Events.</summary>
/// <remarks>The run belongs to the session, and not to the request: a client that leaves stops nothing, and one that comes back is told the rest.</remarks>
internal sealed class AgUiStreams(AgUiThreads threads, SessionCommands sessions, SessionTaps taps, ISessionLog log, SessionFeeds feeds, ConnectionLimiter limiter, RefusalReport refusals, WireRegistry wires, TimeProvider time)
{
    private const string MediaType = "text/event-stream";

    private static readonly TimeSpan s_retryAfter = TimeSpan.FromSeconds(1);
    private static readonly JsonSerializerOptions s_json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly SseWire _wire = new(wires.TrafficOf("agui"));

    /// <summary>Starts or finds the session, tells it what the user says, and sends what comes of it until the session ends or waits for somebody.</summary>
    /// <param name="context">The request.</param>
    /// <param name="workflowId">The workflow.</param>
    /// <param name="input">What the client asks for.</param>
    /// <param name="cursor">The last block that it has received; null: it is told what there is so far.</param>
    /// <returns>What is left to answer: nothing after a stream, or a refusal.</returns>
    /// <exception cref="GatewayException">It is refused, and nothing has been answered yet.</exception>
    public async Task<IResult> AnswerAsync(HttpContext context, string workflowId, AgUiInput input, AgUiCursor? cursor)
    {
        var caller = RequestCaller.Of(context);
        var cancellationToken = context.RequestAborted;
        using var place = limiter.TryEnter(context.Connection.RemoteIpAddress, out var refusal);
        if (place is null) return Problems.Result(refusal!.Code, refusal.Sentence, refusal.Status);

        var (session, said) = await threads.FindOrStartAsync(caller, workflowId, input, cancellationToken);
        using var tap = taps.Open(session.SessionId);
        var given = input.Messages.Where(message => !message["id"]!.GetValue<string>().StartsWith(session.SessionId + ":", StringComparison.Ordinal)).ToList();
        var projection = new AgUiProjection(session.SessionId, session.WorkflowId, session.CreatedAt, new AgUiRun(input.ThreadId, input.RunId, given));
        projection.Until = cursor?.Until ?? 0;
        var first = await CatchUpAsync(projection, tap, session, cursor, cancellationToken);
        if (cursor is null) projection.Until = await SayAsync(caller, projection, session.SessionId, input, said, cancellationToken);

        await OpenAsync(context);
        var sender = feeds.CreateSender(new ResponseOutput(context.Response.BodyWriter, context.Features.Get<DirectSocketFeature>()?.Socket), _wire, context.Abort);
        using var left = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);

        // Called under the sender's lock.
        sender.Leaving = () => _ = left.CancelAsync();
        try
        {
            await SendAsync(sender, projection, tap, first(), cursor, left.Token);
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
            // The client has left, or the gateway shuts down; the session goes on.
        }
        finally
        {
            await feeds.RemoveAsync(sender);
        }

        return TypedResults.Empty;
    }

    // Folds what the client knows already; returns what it is to be told first.
    private async Task<Func<IReadOnlyList<JsonObject>>> CatchUpAsync(AgUiProjection projection, SessionTap tap, SessionEntry session, AgUiCursor? cursor, CancellationToken cancellationToken)
    {
        if (cursor is { } known && known.Seq > session.LastSeq) throw new GatewayException(ErrorCode.SeqOutOfRange, $"Session '{session.SessionId}' has the events 1 to {session.LastSeq}; the position in '{SseHeaders.LastEventId}' is beyond them.");
        if (cursor is { IsBeginning: false } inside)
        {
            await FoldAsync(projection, tap, inside.Seq - 1, cancellationToken);
            if (inside.Seq == 0) return static () => [];
            var events = await tap.ReadAsync(inside.Seq - 1, cancellationToken);
            if (events.Count == 0) throw SessionId.Unknown(session.SessionId);
            return () => projection.Apply(events[0].Event);
        }

        var upTo = cursor?.Seq ?? session.LastSeq;
        await FoldAsync(projection, tap, upTo, cancellationToken);
        return projection.Begin;
    }

    private async Task FoldAsync(AgUiProjection projection, SessionTap tap, long upTo, CancellationToken cancellationToken)
    {
        while (projection.LastSeq < upTo)
        {
            var page = await tap.ReadAsync(projection.LastSeq, cancellationToken);
            if (page.Count == 0) throw SessionId.Unknown(tap.SessionId);
            foreach (var logged in page)
            {
                if (logged.Seq > upTo && logged.Event is SessionEvent<TokenStream> { MergedFrom: { } from } merged && from <= upTo)
                {
                    // Of several chunks that the log keeps as one the client knows the first.
                    var rest = (SessionEvent<TokenStream>)(await log.ReadAsync(tap.SessionId, upTo, 1, cancellationToken))[0].Event;
                    projection.Apply(merged with { Seq = upTo, Data = merged.Data with { Chunk = merged.Data.Chunk[..^rest.Data.Chunk.Length] } });
                    return;
                }

                if (logged.Seq > upTo) return;
                projection.Apply(logged.Event);
            }
        }
    }

    // Tells the session what is new in the request; returns the event at which all of it has taken effect, 0 where there was nothing.
    private async Task<long> SayAsync(Caller caller, AgUiProjection projection, string sessionId, AgUiInput input, IReadOnlyList<string> said, CancellationToken cancellationToken)
    {
        var answers = AgUiAnswers.Read(sessionId, projection.OpenPrompts, input.Resume);
        var heard = projection.Heard.ToList();
        var news = said.Where(text => text.Length > 0 && !heard.Remove(text)).Select(text => new UserInput { Content = text });
        long until = 0;
        foreach (var words in answers.Concat(news))
        {
            until = (await sessions.SteerAsync(caller, sessionId, words, cancellationToken)).Seq ?? until;
        }

        return until;
    }

    private static async Task OpenAsync(HttpContext context)
    {
        context.LetReadersBeSlow();
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        context.Response.ContentType = MediaType;
        EventStreamHeaders.Set(context.Response.Headers);
        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
    }

    private async Task SendAsync(FrameSender sender, AgUiProjection projection, SessionTap tap, IReadOnlyList<JsonObject> first, AgUiCursor? cursor, CancellationToken cancellationToken)
    {
        var isBeginning = cursor is null or { IsBeginning: true };
        await SendAsync(sender, first, new AgUiCursor(isBeginning ? projection.LastSeq : cursor!.Value.Seq, (cursor?.Ordinal ?? -1) + 1, isBeginning, projection.Until));
        while (!projection.IsOver)
        {
            if (await NextAsync(sender, projection, tap, cancellationToken) is not { } events) return;
            foreach (var logged in events)
            {
                await SendAsync(sender, projection.Apply(logged.Event), new AgUiCursor(logged.Seq, 0, IsBeginning: false, projection.Until));
                if (projection.IsOver) return;
            }
        }
    }

    // The next events; null when there are none any more, which the client is told.
    private async Task<IReadOnlyList<LoggedEvent>?> NextAsync(FrameSender sender, AgUiProjection projection, SessionTap tap, CancellationToken cancellationToken)
    {
        GatewayException refusal;
        while (true)
        {
            try
            {
                if (await tap.ReadAsync(projection.LastSeq, cancellationToken) is { Count: > 0 } events) return events;
                refusal = SessionRefusal.Deleted(tap.SessionId);
                break;
            }
            catch (StorageException)
            {
                await Task.Delay(s_retryAfter, time, cancellationToken);
            }
            catch (DamagedLogException exception)
            {
                refusal = refusals.Report("A run of AG-UI", exception);
                break;
            }
        }

        await sender.SendAsync(Encoding.UTF8.GetBytes($"data: {new JsonObject { ["type"] = "RUN_ERROR", ["message"] = refusal.Message, ["code"] = refusal.Code }.ToJsonString(s_json)}\n\n"));
        return null;
    }

    private static async ValueTask SendAsync(FrameSender sender, IReadOnlyList<JsonObject> blocks, AgUiCursor first)
    {
        if (blocks.Count <= first.Ordinal) return;
        var text = new ArrayBufferWriter<byte>();
        for (var i = first.Ordinal; i < blocks.Count; i++)
        {
            Encoding.UTF8.GetBytes($"id: {first with { Ordinal = i }}\ndata: {blocks[i].ToJsonString(s_json)}\n\n", text);
        }

        await sender.SendAsync(text.WrittenMemory);
    }
}
