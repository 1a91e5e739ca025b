using System.Text.RegularExpressions;
using Gateway.Contracts;
using Microsoft.AspNetCore.SignalR;

namespace Gateway.Client.Connection;

/// <summary>Reads the code and the sentence out of a <see cref="HubException"/>.</summary>
internal static partial class Refusal
{
    private const string Marker = "HubException: ";

    /// <summary>The refusal a hub method answered with; <c>internal_error</c> when its message has no code.</summary>
    /// <remarks>SignalR puts "An unexpected error occurred invoking '...' on the server. HubException: " before the server's message.</remarks>
    public static GatewayClientException Parse(HubException exception)
    {
        var message = exception.Message;
        var match = CodeAndSentence().Match(message);
        if (!match.Success && message.IndexOf(Marker, StringComparison.Ordinal) is >= 0 and var marker)
        {
            message = message[(marker + Marker.Length)..];
            match = CodeAndSentence().Match(message);
        }

        return match.Success
            ? new GatewayClientException(match.Groups["code"].Value, match.Groups["sentence"].Value, exception)
            : new GatewayClientException(ErrorCode.InternalError, message, exception);
    }

    /// <summary>True when the exception says that the server ended the connection; it then answers no command.</summary>
    public static bool IsServerClose(HubException exception) =>
        exception.Message.StartsWith("The server closed the connection", StringComparison.Ordinal);

    /// <summary>True when the same request may succeed a moment later.</summary>
    public static bool IsTransient(GatewayClientException refusal) =>
        refusal.Code is ErrorCode.ShuttingDown or ErrorCode.StorageUnavailable or ErrorCode.LimitExceeded;

    [GeneratedRegex(@"\A(?<code>[a-z][a-z_]*): (?<sentence>.*)\z", RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex CodeAndSentence();
}
