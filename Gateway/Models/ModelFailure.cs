using System.ClientModel;
using System.Globalization;
using System.Net.Sockets;
using Gateway.Refusals;

namespace Gateway.Models;

/// <summary>Says why a model call failed, in words that can be shown.</summary>
/// <remarks>
/// Providers echo what they were sent, API keys included, so a message goes through only when it is known to be made
/// from a status, a host name or the gateway's own words; of all else only the type is told.
/// </remarks>
internal static class ModelFailure
{
    /// <summary>A sentence about the failure that holds no secret.</summary>
    public static string Describe(string modelName, Exception exception) =>
        exception is ModelException written ? written.Message : $"Model '{modelName}' broke off: {Reason(exception)}";

    private static string Reason(Exception exception) => exception switch
    {
        GatewayException gateway => gateway.Message,
        HttpRequestException { StatusCode: { } status } => Answered((int)status, status.ToString()),
        ClientResultException { Status: > 0 } refused => Answered(refused.Status, ((System.Net.HttpStatusCode)refused.Status).ToString()),
        HttpRequestException { InnerException: SocketException socket } => $"no connection ({socket.SocketErrorCode}).",
        HttpRequestException { HttpRequestError: not HttpRequestError.Unknown } request => $"no connection ({request.HttpRequestError}).",
        AggregateException { InnerException: { } inner } => Reason(inner),
        _ when exception.InnerException is HttpRequestException or SocketException or ClientResultException => Reason(exception.InnerException),
        SocketException socket => $"no connection ({socket.SocketErrorCode}).",
        TimeoutException or OperationCanceledException => "the provider did not answer in time.",
        System.Text.Json.JsonException => "the provider sent something that is not JSON of the expected shape.",
        IOException => "the connection was lost.",
        _ => $"{exception.GetType().Name}.",
    };

    private static string Answered(int status, string name) =>
        string.Create(CultureInfo.InvariantCulture, $"the provider answered with status {status} ({name}).");
}
