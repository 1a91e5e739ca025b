using Gateway.Commands;
using Gateway.Contracts;
using Gateway.Doors.Http.Answers;

namespace Gateway.Doors.Http;

/// <summary>Gives a problem body to refusals that come from routing, before any handler: 404, 405, 415.</summary>
internal sealed class BareStatusMiddleware(RequestDelegate next, PathString prefix)
{
    private readonly PathString _api = prefix.Add("/api");

    public async Task InvokeAsync(HttpContext context)
    {
        if (!context.Request.Path.StartsWithSegments(_api))
        {
            await next(context);
            return;
        }

        var response = context.Response;
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.ContentSecurityPolicy = PagePolicy.Nothing;
        response.Headers.CacheControl = "no-store";
        await next(context);
        if (response.HasStarted || response.StatusCode < StatusCodes.Status400BadRequest || response.ContentType is not null) return;

        var status = response.StatusCode;
        var (code, detail) = Explain(context.Request, status);
        await Problems.Result(code, detail, status).ExecuteAsync(context);
    }

    private (string Code, string Detail) Explain(HttpRequest request, int status) => status switch
    {
        StatusCodes.Status404NotFound => (ErrorCode.NotFound, $"There is nothing at '{request.Path}'; {prefix}/scalar lists all addresses."),
        StatusCodes.Status405MethodNotAllowed => (ErrorCode.MethodNotAllowed, $"'{request.Path}' does not take {request.Method}; it takes {request.HttpContext.Response.Headers.Allow}."),
        StatusCodes.Status415UnsupportedMediaType => (ErrorCode.UnsupportedMediaType, JsonBody.ContentTypeSentence),
        StatusCodes.Status413PayloadTooLarge => (ErrorCode.MessageTooLarge, JsonBody.TooLargeSentence),
        < StatusCodes.Status500InternalServerError => (ErrorCode.InvalidData, "The request is not one this address takes."),
        _ => (ErrorCode.InternalError, RefusalReport.FailedSentence),
    };
}
