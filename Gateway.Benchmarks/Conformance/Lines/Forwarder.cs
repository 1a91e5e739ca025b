using Gateway.Benchmarks.Conformance.Faults;

namespace Gateway.Benchmarks.Conformance.Lines;

/// <summary>Takes every request to the gateway, and what comes of it back to the client, by way of the faults.</summary>
internal sealed class Forwarder(KitGateway gateway, FaultRuns runs, SocketForwarder sockets, HttpForwarder http)
{
    /// <summary>Serves a request.</summary>
    public async Task ServeAsync(HttpContext context, int seed)
    {
        if (!FaultPlan.TryRead(context.Request.Query, seed, out var plan, out var mistake))
        {
            await RefuseAsync(context, mistake);
            return;
        }

        if (plan.Fault == Fault.Goodbye && !context.Request.Path.Value!.EndsWith("/ws", StringComparison.Ordinal))
        {
            await RefuseAsync(context, "Only a close of /ws says not to come back: 'goodbye' is played there.");
            return;
        }

        // A client is cut off by the end of the gateway that it reached, not by that of the next one.
        var life = gateway.Life;
        var play = new Play(plan, runs, () => gateway.Restart(life.Number));
        try
        {
            if (context.WebSockets.IsWebSocketRequest) await sockets.ServeAsync(context, life.Address, play);
            else await http.ServeAsync(context, life.Address, play);
        }
        catch (Exception exception) when (IsEnd(exception))
        {
            context.Abort();
        }
    }

    /// <summary>Whether it is how connections end.</summary>
    public static bool IsEnd(Exception exception) =>
        exception is OperationCanceledException or IOException or HttpRequestException or System.Net.WebSockets.WebSocketException or InvalidOperationException or ObjectDisposedException;

    private static Task RefuseAsync(HttpContext context, string mistake)
    {
        context.Response.StatusCode = StatusCodes.Status400BadRequest;
        return context.Response.WriteAsync(mistake + "\n");
    }
}
