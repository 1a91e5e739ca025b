using Gateway.Admission;
using Gateway.Contracts;
using Gateway.Doors.Http.Answers;
using Gateway.Lifetime;

namespace Gateway.Doors.Http;

/// <summary>Stands before <c>/ws</c> and <c>/hub</c>: refuses before the upgrade, and sees every connection's end.</summary>
/// <remarks>
/// Counts WebSockets and streams of events; a connection of many polls is counted by the hub, as none of them stays. While the
/// gateway shuts down, the requests of clients that are connected already still pass: they fetch what there is to see.
/// </remarks>
internal sealed class ConnectionGate(RequestDelegate next, ConnectionLimiter limiter, DrainState drain)
{
    private const string Negotiate = "/negotiate";

    public Task InvokeAsync(HttpContext context)
    {
        var path = context.Request.Path;
        var isHub = path.StartsWithSegments(GatewayPath.Hub, out var rest);
        if (!isHub && path != GatewayPath.WebSocket) return next(context);
        if (context.WebSockets.IsWebSocketRequest) return ConnectAsync(context);
        if (!isHub) return next(context);
        if (HttpMethods.IsGet(context.Request.Method)) return drain.IsDraining || !IsEventStream(context.Request) ? next(context) : ConnectAsync(context);
        return rest == Negotiate && limiter.FindRefusal() is { } refusal ? RefuseAsync(context, refusal) : next(context);
    }

    // As SignalR tells them apart.
    private static bool IsEventStream(HttpRequest request) =>
        request.Headers.Accept.Any(accept => accept?.Contains("text/event-stream", StringComparison.OrdinalIgnoreCase) == true);

    private async Task ConnectAsync(HttpContext context)
    {
        using var place = limiter.TryEnter(context.Connection.RemoteIpAddress, out var refusal);
        if (place is null)
        {
            await RefuseAsync(context, refusal!);
            return;
        }

        await next(context);
    }

    private static Task RefuseAsync(HttpContext context, ConnectionRefusal refusal) =>
        Problems.Result(refusal.Code, refusal.Sentence, refusal.Status).ExecuteAsync(context);
}
