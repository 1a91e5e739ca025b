using Gateway.Contracts;
using Gateway.Refusals;
using Microsoft.AspNetCore.Connections;

namespace Gateway.Doors.Http;

/// <summary>Turns what a handler throws into a problem answer, and says in the log what someone should see there.</summary>
internal sealed partial class ApiExceptionFilter(ILogger<ApiExceptionFilter> logger) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        try
        {
            return await next(context);
        }
        catch (Exception exception) when (HasLeft(http, exception))
        {
            // The client left: a normal ending, and nobody to answer.
            http.Abort();
            return TypedResults.Empty;
        }
        catch (Exception exception)
        {
            var (code, detail) = Problems.Of(exception);
            Log(http.Request, code, exception);
            if (!http.Response.HasStarted) return Problems.Result(code, detail);

            // Half an answer is out: break it off, so that the client does not take it for the whole.
            http.Abort();
            return TypedResults.Empty;
        }
    }

    // A body that ends before its length is a client that went away in the middle of it; the request may not know yet.
    private static bool HasLeft(HttpContext http, Exception exception) => exception switch
    {
        ConnectionResetException or ConnectionAbortedException => true,
        BadHttpRequestException { StatusCode: StatusCodes.Status400BadRequest } => http.RequestAborted.IsCancellationRequested,
        OperationCanceledException or IOException => http.RequestAborted.IsCancellationRequested,
        _ => false,
    };

    private void Log(HttpRequest request, string code, Exception exception)
    {
        if (code == ErrorCode.InternalError && exception is not GatewayException) LogFailed(request.Method, request.Path, exception);
        else if (code is ErrorCode.StorageUnavailable or ErrorCode.LogDamaged) LogStorage(request.Method, request.Path, code, exception.Message);
        else LogRefused(request.Method, request.Path, code);
    }
}
