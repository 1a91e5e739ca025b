using Gateway.Admission;
using Gateway.Contracts;
using Gateway.Doors.Http.Answers;

namespace Gateway.Doors.Http;

/// <summary>Refuses what a foreign web page asks the gateway to do: WebSockets, and requests that change something.</summary>
/// <remarks>
/// Browsers apply no same-origin rule to WebSockets, and send simple POSTs of any page with the user's cookies; what
/// such a page may read is the business of CORS.
/// </remarks>
internal sealed class OriginGate(RequestDelegate next, OriginPolicy policy)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (!Acts(context) || policy.Allows(context.Request)) return next(context);
        return Problems.Result(ErrorCode.OriginNotAllowed, "This page's origin may not use the gateway; add it to Gateway:AllowedOrigins.").ExecuteAsync(context);
    }

    private static bool Acts(HttpContext context)
    {
        var method = context.Request.Method;
        var reads = HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method);
        return !reads || context.WebSockets.IsWebSocketRequest;
    }
}
