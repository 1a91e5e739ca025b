using Gateway.Contracts;
using Gateway.Doors.Http.OpenApi;
using Microsoft.AspNetCore.Authorization;
using Scalar.AspNetCore;

namespace Gateway.Doors.Http;

/// <summary>Maps the HTTP door.</summary>
internal static class HttpEndpoints
{
    /// <summary>Maps the API, its OpenAPI document at <c>/openapi/v1.json</c> and the page to try it at <c>/scalar</c>; the pipeline needs <see cref="HttpMiddleware.UseApiProblems"/>.</summary>
    /// <exception cref="InvalidOperationException"><see cref="HttpServices.AddHttpApi"/> was not called.</exception>
    public static IEndpointConventionBuilder MapHttpApi(this IEndpointRouteBuilder endpoints)
    {
        if (endpoints.ServiceProvider.GetService<HttpApiMarker>() is null)
        {
            throw new InvalidOperationException($"{nameof(MapHttpApi)} needs {nameof(HttpServices.AddHttpApi)}: call builder.Services.{nameof(HttpServices.AddHttpApi)}() before the host is built.");
        }

        // The group keeps it out of a document of the host's own.
        var api = endpoints.MapGroup(GatewayPath.Api).WithGroupName(ApiDescription.Document).AddEndpointFilter<ApiExceptionFilter>().AnswersHead();
        api.MapWorkflows();
        api.MapSessions();
        api.MapEvents();
        api.MapPrompts();
        api.MapWebhooks();

        var schema = endpoints.MapWorkflowSchema().AnswersHead();
        var description = endpoints.MapOpenApi("/openapi/v1.json").AddEndpointFilter(ChooseDocument).AnswersHead();

        // The page brings an endpoint for its script, which only a group has hold of, and lets anybody have the script. A host's
        // policy holds for both. Nothing of the page comes from, or goes to, another host: it works without internet and tells
        // nobody.
        var tryIt = endpoints.MapGroup("").AnswersHead();
        ((IEndpointConventionBuilder)tryIt).Finally(RemoveAllowAnonymous);
        tryIt.AddEndpointFilter(PagePolicy.HoldForScalarAsync);

        // The page's library tries whether it may compile code. The policy says no, and the browser notes that as an error; told
        // beforehand, the library does not try.
        tryIt.MapGet("/scalar/no-eval.js", () => TypedResults.Text("globalThis.__zod_globalConfig = { jitless: true };", "text/javascript")).ExcludeFromDescription();
        tryIt.MapScalarApiReference("/scalar", options => options
            .WithTitle("Gateway API")
            .WithDynamicBaseServerUrl()
            .WithNonce()
            .AddHeadContent("<script src=\"no-eval.js\"></script>")
            .DisableAgent()
            .DisableMcp()
            .DisableTelemetry()
            .DisableDefaultFonts()
            .HideDeveloperTools()
            .HideClientButton());
        return new EndpointConventions().Include(api).Include(schema).Include(description).Include(tryIt);
    }

    // The host may have a document of its own that is called v1, as documents are by default.
    private static ValueTask<object?> ChooseDocument(EndpointFilterInvocationContext invocation, EndpointFilterDelegate next)
    {
        invocation.Arguments[invocation.Arguments.IndexOf(invocation.Arguments.OfType<string>().Single())] = ApiDescription.Document;
        return next(invocation);
    }

    private static void RemoveAllowAnonymous(EndpointBuilder endpoint)
    {
        foreach (var metadata in endpoint.Metadata.OfType<IAllowAnonymous>().ToList<object>()) endpoint.Metadata.Remove(metadata);
    }
}
