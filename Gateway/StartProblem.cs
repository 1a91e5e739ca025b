using System.Security.Cryptography;
using System.Text.Json;
using Gateway.Admission;
using Gateway.Log;
using Gateway.Transport;
using Gateway.Workflows;
using Microsoft.Extensions.Options;

namespace Gateway;

/// <summary>Says in words for the operator why the gateway cannot start.</summary>
internal static class StartProblem
{
    private const string Address = "Choose the address with --urls or ASPNETCORE_URLS.";

    /// <summary>The sentence that names the setting or the file; null when the exception may be a bug and not a mistake in the setup.</summary>
    public static string? Describe(Exception exception) => exception switch
    {
        AggregateException many => Join(many.InnerExceptions.Select(Describe)),
        StorageException or WorkflowCatalogException or NodeShapeException or ListenRefusedException or DescriptorsShortException => exception.Message,
        OptionsValidationException invalid => string.Join(" ", invalid.Failures.Distinct()),

        // A settings file that is not JSON; a setting that is not a number or a time.
        InvalidDataException { InnerException: { } cause } => $"{exception.Message} {Place(cause)}",
        JsonException or FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException => exception.Message,
        InvalidOperationException { InnerException: FormatException or ArgumentException or OverflowException } => exception.Message,
        InvalidOperationException when exception.Message.StartsWith("Failed to convert configuration value", StringComparison.Ordinal) => exception.Message,

        // The address to listen on, and its certificate.
        ArgumentOutOfRangeException { ParamName: "port" } => $"The address to listen on has a port that does not exist; ports go from 0 to 65535. {Address}",
        CryptographicException => $"The certificate cannot be used: {Sentence(exception)} Look at the file and the password under Kestrel:Certificates and Kestrel:Endpoints.",
        InvalidOperationException when exception.StackTrace?.Contains("Microsoft.AspNetCore.Server.Kestrel", StringComparison.Ordinal) == true => $"The gateway cannot listen: {Sentence(exception)} {Address} Certificates and more addresses are under Kestrel.",
        FormatException => $"A setting cannot be read: {Sentence(exception)}",
        IOException => $"{Sentence(exception)} If this is the address of the gateway: {Address}",
        System.Net.Sockets.SocketException => $"The address to listen on cannot be used: {exception.Message}. {Address}",
        _ => null,
    };

    /// <summary>The sentence for a failure that nobody has foreseen.</summary>
    public static string Unforeseen(Exception exception) =>
        $"{Causes(exception)} Nothing in the settings is known to cause this; --Logging:LogLevel:Default=Debug shows where it happens.";

    private static string Causes(Exception exception) =>
        $"{exception.GetType().Name}: {Sentence(exception)}{(exception.InnerException is { } inner ? " " + Causes(inner) : "")}";

    // The innermost cause knows the line.
    private static string Place(Exception cause)
    {
        while (cause.InnerException is { } inner) cause = inner;
        return cause is JsonException { LineNumber: { } line, BytePositionInLine: { } column }
            ? $"At line {line + 1}, byte {column + 1}: {cause.Message.Split(" LineNumber:")[0]}"
            : cause.Message;
    }

    private static string Sentence(Exception exception) => string.Join(' ', exception.Message.TrimEnd().Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));

    private static string? Join(IEnumerable<string?> sentences)
    {
        var all = sentences.ToList();
        return all.Contains(null) ? null : string.Join(" ", all.Distinct());
    }
}
