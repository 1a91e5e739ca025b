namespace Gateway.Doors.Http;

/// <summary>The description of <c>/ws</c> and the hub: for programs at <c>/asyncapi.json</c>, to read at <c>/docs/protocol</c>.</summary>
internal static class ProtocolEndpoints
{
    private const string Page = "/docs/protocol";

    /// <summary>Maps them; a host's own endpoint at the same address goes before them.</summary>
    public static IEndpointConventionBuilder MapProtocol(this IEndpointRouteBuilder endpoints)
    {
        var document = new ProtocolDocument("asyncapi.json", "application/json; charset=utf-8");
        var page = new ProtocolDocument("protocol.html", "text/html; charset=utf-8");
        var style = new ProtocolDocument("protocol.css", "text/css; charset=utf-8");

        var mapped = endpoints.MapGroup("").AnswersHead().ExcludeFromDescription();
        mapped.MapGet("/asyncapi.json", document.Answer);

        // What the page names is beside it, so its address has no slash at the end.
        mapped.MapGet(Page, (HttpContext context) => context.Request.Path.Value!.EndsWith('/') ? TypedResults.Redirect("../protocol") : page.Answer(context));
        mapped.MapGet("/docs/protocol.css", style.Answer);
        ((IEndpointConventionBuilder)mapped).Add(endpoint => ((RouteEndpointBuilder)endpoint).Order = 1);
        return mapped;
    }
}
