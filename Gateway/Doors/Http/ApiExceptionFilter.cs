using System.Globalization;
using Gateway.Commands;
using Gateway.Contracts;
using Gateway.Doors.Http.Answers;
using Gateway.Refusals;
using Microsoft.AspNetCore.Connections;

namespace Gateway.Doors.Http;

/// <summary>Answers a request that fails with the refusal that every door gives, as a problem.</summary>
internal sealed class ApiExceptionFilter(RefusalReport refusals) : IEndpointFilter
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
            var refusal = refusals.Report($"{http.Request.Method} {http.Request.Path}", OfServer(exception) ?? exception);
            if (!http.Response.HasStarted)
            {
                if (refusal.RetryAfter is { } wait) http.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
                return Problems.Result(refusal.Code, refusal.Message);
            }

            // Half an answer is out: it is broken off, so that the client does not take it for the whole.
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

    // What the server itself finds wrong with a request's body, while a handler reads it.
    private static GatewayException? OfServer(Exception exception) => exception switch
    {
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => new(ErrorCode.MessageTooLarge, JsonBody.TooLargeSentence, exception),
        BadHttpRequestException => new(ErrorCode.InvalidData, "The request's body broke off or is not valid HTTP.", exception),
        _ => null,
    };
}
