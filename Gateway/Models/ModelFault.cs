using System.Net.Sockets;
using System.Text.Json;
using Gateway.Refusals;

namespace Gateway.Models;

/// <summary>What a failed call of a model means: the one place that reads the exceptions of HTTP and of the providers' clients.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Status">The HTTP status of a refusal, else 0.</param>
/// <param name="Sentence">The provider's own words, not yet redacted, or a sentence of the gateway; null when there is none.</param>
/// <param name="Detail">A name that holds no secret, such as that of a socket error or a type; null when there is none.</param>
internal readonly record struct ModelFault(ModelFaultKind Kind, int Status = 0, string? Sentence = null, string? Detail = null)
{
    /// <summary>Whether the next try could end otherwise.</summary>
    public bool MayPass => Kind switch
    {
        ModelFaultKind.Refused => StatusMayPass(Status),
        ModelFaultKind.NotSecure or ModelFaultKind.Worded => false,
        _ => true,
    };

    /// <summary>Whether a refusal with this status may pass: a limit that is reached, or a trouble on the provider's side.</summary>
    public static bool StatusMayPass(int status) => status is 408 or 425 or 429 or 500 or 502 or 503 or 504 or (>= 520 and <= 524) or 529;

    /// <summary>Reads an exception that the client of a model threw.</summary>
    public static ModelFault Of(Exception exception) => exception switch
    {
        ModelException or GatewayException => new(ModelFaultKind.Worded, Sentence: exception.Message),

        // Several attempts: what the last one met is what the user should hear.
        AggregateException { InnerExceptions: [.., var last] } => Of(last),
        UnreadableAnswerException => new(ModelFaultKind.Unreadable),
        ProviderStatusException answer => new(ModelFaultKind.Refused, answer.Status, answer.Sentence),
        ProviderStreamException error => new(ModelFaultKind.BrokeOff, Sentence: error.Sentence),
        HttpRequestException { StatusCode: { } status } => new(ModelFaultKind.Refused, (int)status),
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => new(ModelFaultKind.NotSecure, Detail: nameof(HttpRequestError.SecureConnectionError)),
        HttpRequestException { HttpRequestError: HttpRequestError.ResponseEnded or HttpRequestError.InvalidResponse or HttpRequestError.HttpProtocolError or HttpRequestError.ConfigurationLimitExceeded } => new(ModelFaultKind.NotHttp, Detail: "no HTTP"),
        HttpRequestException { InnerException: SocketException socket } => new(ModelFaultKind.NoConnection, Detail: socket.SocketErrorCode.ToString()),
        HttpRequestException request => new(ModelFaultKind.NoConnection, Detail: request.HttpRequestError.ToString()),
        SocketException socket => new(ModelFaultKind.NoConnection, Detail: socket.SocketErrorCode.ToString()),
        IOException => new(ModelFaultKind.ConnectionLost),
        { InnerException: HttpRequestException or SocketException } => Of(exception.InnerException),
        JsonException => new(ModelFaultKind.Unreadable),
        TimeoutException or OperationCanceledException => new(ModelFaultKind.TimedOut),

        // Unknown: its message may hold anything, its type does not.
        _ => new(ModelFaultKind.Unknown, Detail: exception.GetType().Name),
    };
}
