using Gateway.Commands;
using Gateway.Contracts;

namespace Gateway.Http;

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
        catch (Exception exception) when (http.RequestAborted.IsCancellationRequested && exception is OperationCanceledException or IOException)
        {
            // The client left: a normal ending.
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

    private void Log(HttpRequest request, string code, Exception exception)
    {
        if (code == ErrorCode.InternalError && exception is not GatewayException) LogFailed(request.Method, request.Path, exception);
        else if (code is ErrorCode.StorageUnavailable or ErrorCode.LogDamaged) LogStorage(request.Method, request.Path, code, exception.Message);
        else LogRefused(request.Method, request.Path, code);
    }
}
