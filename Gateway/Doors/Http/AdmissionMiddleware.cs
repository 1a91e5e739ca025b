using Gateway.Admission;
using Gateway.Contracts;
using Gateway.Doors.Http.Answers;
using Gateway.Lifetime;

namespace Gateway.Doors.Http;

/// <summary>Asks the admission about every request that comes through HTTP.</summary>
/// <remarks>
/// Browsers apply no same-origin rule to WebSockets, and send simple POSTs of any page with the user's cookies: a WebSocket
/// and a request that changes something are therefore judged by their origin. What a foreign page may read is the business
/// of CORS. WebSockets and the hub's event streams take a place here. The hub takes the place of a client that polls, since
/// none of its requests stays, and the event streams of the API take theirs when their session is known, each in its own endpoint.
/// </remarks>
internal sealed class AdmissionMiddleware(RequestDelegate next, PathString prefix, ConnectionAdmission admission, DrainState drain)
{
    private const string Negotiate = "/negotiate";

    private readonly PathString _hub = prefix.Add(GatewayPath.Hub);
    private readonly PathString _webSocket = prefix.Add(GatewayPath.WebSocket);

    public Task InvokeAsync(HttpContext context)
    {
        var result = admission.Judge(Describe(context));
        if (result.Refusal is { } refusal) return Problems.Result(refusal.Code, refusal.Sentence, refusal.Status).ExecuteAsync(context);
        if (result.Place is not { } place) return AnswerAsync(context);
        if (!context.WebSockets.IsWebSocketRequest) context.Response.OnStarting(BeStream, context.Response.Headers);
        return HoldAsync(place, context);
    }

    private AdmissionRequest Describe(HttpContext context)
    {
        var request = context.Request;
        var reads = HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method);
        var isWebSocket = context.WebSockets.IsWebSocketRequest;

        // As the client sent it: the request's own property has names of other scripts decoded, and an origin has not.
        var host = new HostString(request.Headers.Host.ToString());
        return new AdmissionRequest(host, request.Headers.Origin, context.Connection.RemoteIpAddress, !reads || isWebSocket, NeedOf(request, isWebSocket));
    }

    private PlaceNeed NeedOf(HttpRequest request, bool isWebSocket)
    {
        var isHub = request.Path.StartsWithSegments(_hub, out var rest);
        if (!isHub && request.Path != _webSocket) return PlaceNeed.None;
        if (isWebSocket) return PlaceNeed.Now;
        if (!isHub) return PlaceNeed.None;

        // While the gateway shuts down, the requests of connected clients still pass: they fetch what there is to see.
        if (HttpMethods.IsGet(request.Method)) return IsEventStream(request) && !drain.IsDraining ? PlaceNeed.Now : PlaceNeed.None;
        return rest == Negotiate ? PlaceNeed.Later : PlaceNeed.None;
    }

    // SignalR tells an event stream from a poll by the same header.
    private static bool IsEventStream(HttpRequest request) =>
        request.Headers.Accept.Any(accept => accept?.Contains("text/event-stream", StringComparison.OrdinalIgnoreCase) == true);

    // After SignalR has said what it says of its own stream, which a proxy would hold back: the hub would never start.
    private static Task BeStream(object headers)
    {
        EventStreamHeaders.Set((IHeaderDictionary)headers);
        return Task.CompletedTask;
    }

    private async Task AnswerAsync(HttpContext context)
    {
        drain.EnterRequest();
        try
        {
            // One that comes when the time is over is answered, or not, by a server that stops.
            await using var end = drain.Over.IsCancellationRequested ? default : drain.Over.UnsafeRegister(static context => ((HttpContext)context!).Abort(), context);
            await next(context);
        }
        finally
        {
            drain.LeaveRequest();
        }
    }

    private async Task HoldAsync(ConnectionPlace place, HttpContext context)
    {
        using (place) await next(context);
    }
}
