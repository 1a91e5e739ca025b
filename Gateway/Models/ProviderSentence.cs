using System.ClientModel.Primitives;
using System.Text.Json;

namespace Gateway.Models;

/// <summary>Finds the provider's own sentence in an error body: <c>error.message</c>, <c>error</c>, <c>message</c> or <c>detail</c>.</summary>
internal static class ProviderSentence
{
    /// <summary>The sentence, not yet redacted; null when there is none.</summary>
    public static string? In(JsonElement body) => body.ValueKind switch
    {
        JsonValueKind.String => body.GetString(),
        JsonValueKind.Object => Member(body, "error") ?? Member(body, "message") ?? Member(body, "detail"),
        _ => null,
    };

    /// <summary>The sentence, not yet redacted; null when the body is not JSON, such as a proxy's page.</summary>
    public static string? In(ReadOnlySpan<byte> body)
    {
        try
        {
            return In(JsonElement.Parse(body));
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The sentence, not yet redacted; null when there is no response.</summary>
    public static string? In(PipelineResponse? response) => response is null ? null : In(response.Content.ToMemory().Span);

    /// <summary>The member <c>error</c> of a line within an answer, as an exception; null when there is none.</summary>
    public static ProviderStreamException? InAnswer(JsonElement line) =>
        line.ValueKind == JsonValueKind.Object && line.TryGetProperty("error", out var error) && error.ValueKind != JsonValueKind.Null
            ? new ProviderStreamException(In(error))
            : null;

    private static string? Member(JsonElement body, string name) => body.TryGetProperty(name, out var member) ? In(member) : null;
}
