using System.Text.Json;
using Gateway.Admission;
using Gateway.Log;
using Gateway.Workflows;
using Microsoft.Extensions.Options;

namespace Gateway;

/// <summary>Says in words for the operator why the gateway cannot start.</summary>
internal static class StartProblem
{
    /// <summary>The sentence that names the setting or the file; null when the exception is a bug and not a mistake in the setup.</summary>
    public static string? Describe(Exception exception) => exception switch
    {
        AggregateException many => Join(many.InnerExceptions.Select(Describe)),
        StorageException or WorkflowCatalogException or NodeShapeException or ListenRefusedException => exception.Message,
        OptionsValidationException invalid => string.Join(" ", invalid.Failures.Distinct()),

        // A settings file that is not JSON; a setting that is not a number or a time.
        InvalidDataException { InnerException: { } cause } => $"{exception.Message} {cause.Message}",
        JsonException or FileNotFoundException => exception.Message,
        InvalidOperationException { InnerException: FormatException or ArgumentException or OverflowException } => exception.Message,
        InvalidOperationException when exception.Message.StartsWith("Failed to convert configuration value", StringComparison.Ordinal) => exception.Message,

        // The address to listen on.
        ArgumentOutOfRangeException { ParamName: "port" } => "The address to listen on has a port that does not exist; choose one from 0 to 65535 with --urls or ASPNETCORE_URLS.",
        FormatException => $"A setting cannot be read: {exception.Message}",
        IOException => $"{exception.Message} If this is the address of the gateway, choose another with --urls or ASPNETCORE_URLS.",
        System.Net.Sockets.SocketException => $"The address to listen on cannot be used: {exception.Message}. Choose another with --urls or ASPNETCORE_URLS.",
        _ => null,
    };

    private static string? Join(IEnumerable<string?> sentences)
    {
        var all = sentences.ToList();
        return all.Contains(null) ? null : string.Join(" ", all.Distinct());
    }
}
