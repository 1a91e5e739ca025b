using System.ClientModel;
using System.ClientModel.Primitives;
using System.Net;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Gateway.Models;

/// <summary>Words a provider's failures: which model, what was said, and the way out.</summary>
/// <param name="name">The model's name in the configuration.</param>
/// <param name="options">Its settings; the key is taken out of every sentence.</param>
/// <param name="endpoint">Where the provider is.</param>
internal sealed class ProviderErrors(string name, ModelOptions options, Uri endpoint)
{
    private const int LongestQuote = 300;

    private readonly KeyRedactor _redactor = new(options.ApiKey);
    private readonly string _setting = ModelsOptionsValidator.Setting(name);

    // Without the query, which may carry a secret.
    private readonly string _address = endpoint.GetLeftPart(UriPartial.Path);

    /// <summary>Turns a failure of the provider's client into one for users.</summary>
    /// <param name="failure">What the client threw.</param>
    /// <param name="begun">Whether some of the answer had arrived.</param>
    public ModelException From(Exception failure, bool begun) => failure switch
    {
        ModelException known => known,
        // Several attempts: what the last one met is what the user should hear.
        AggregateException { InnerExceptions: [.., var last] } => From(last, begun),
        ClientResultException { Status: > 0 } answer => Status(answer.Status, SentenceIn(answer.GetRawResponse())),
        ClientResultException { InnerException: { } inner } => From(inner, begun),
        ProviderStatusException answer => Status(answer.Status, answer.Sentence),
        ProviderStreamException error => Said("broke off its answer", error.Sentence, null),
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } =>
            Plain($"cannot be reached: no secure connection to {_address}; check the certificate, or {_setting}:Endpoint."),
        HttpRequestException when !begun =>
            Plain($"cannot be reached at {_address}; check that the server runs and that {_setting}:Endpoint is its address."),
        HttpRequestException or IOException => Plain("broke off: the connection to its provider was lost in mid-answer; try again."),
        // The libraries' readers throw the latter three at JSON of another shape.
        JsonException or InvalidOperationException or FormatException or ArgumentException => Plain($"sent something that cannot be read; check that {_setting}:Endpoint speaks the API of its provider."),
        OperationCanceledException => Plain($"did not answer in time at {_address}."),
        // Unknown: its message may hold anything, its type does not.
        _ => Plain($"failed ({failure.GetType().Name})."),
    };

    /// <summary>The model declined to answer.</summary>
    public ModelException Refused(string? sentence) => Said("refused", sentence, null);

    /// <summary>The answer ended without a word; null when that is a proper end.</summary>
    public ModelException? Silent(ChatFinishReason? finish) =>
        finish == ChatFinishReason.ContentFilter ? Plain("said nothing: its provider's content filter stopped the answer.")
        : finish is null ? Plain($"ended without a word; check that {_setting}:Endpoint speaks the API of its provider.")
        : null;

    /// <summary>Finds the provider's own sentence in an error body: <c>error.message</c>, <c>error</c>, <c>message</c> or <c>detail</c>.</summary>
    public static string? SentenceIn(JsonElement body) => body.ValueKind switch
    {
        JsonValueKind.String => body.GetString(),
        JsonValueKind.Object => Member(body, "error") ?? Member(body, "message") ?? Member(body, "detail"),
        _ => null,
    };

    /// <summary>Finds the provider's own sentence in an error body; null when it is not JSON, such as a proxy's page.</summary>
    public static string? SentenceIn(ReadOnlySpan<byte> body)
    {
        try
        {
            return SentenceIn(JsonElement.Parse(body));
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The member <c>error</c> of a line within an answer, as an exception; null when there is none.</summary>
    public static ProviderStreamException? InAnswer(JsonElement line) =>
        line.ValueKind == JsonValueKind.Object && line.TryGetProperty("error", out var error) && error.ValueKind != JsonValueKind.Null
            ? new ProviderStreamException(SentenceIn(error))
            : null;

    private static string? SentenceIn(PipelineResponse? response) =>
        response is null ? null : SentenceIn(response.Content.ToMemory().Span);

    private ModelException Status(int status, string? sentence) =>
        Said($"answered {status} {Reason(status)}".TrimEnd(), sentence, WayOut(status));

    private string? WayOut(int status) => status switch
    {
        401 or 403 => $"Check {_setting}:ApiKey.",
        404 => $"Check {_setting}:Model and {_setting}:Endpoint ({_address}; the address of an OpenAI-compatible server often ends in /v1).",
        429 => "Its provider's limit is reached; wait, or use another model.",
        >= 300 and < 400 => $"Check {_setting}:Endpoint ({_address}); redirects are not followed.",
        >= 500 => "The trouble is on its provider's side; try again.",
        _ => null,
    };

    private ModelException Said(string what, string? sentence, string? wayOut)
    {
        var quote = Quote(sentence);
        var text = quote is null ? $"{what}." : $"{what}: {(quote[^1] is '.' or '!' or '?' or '…' or '。' ? quote : quote + ".")}";
        return Plain(wayOut is null ? text : $"{text} {wayOut}");
    }

    // Redacted once more as a whole: an address or a model's name may be where someone put the key.
    private ModelException Plain(string text) => new(_redactor.Redact($"The model \"{name}\" {text}"));

    /// <summary>One line, without secrets, not endless.</summary>
    /// <remarks>Redacted before it is cut: half a key at the edge would not be recognised.</remarks>
    private string? Quote(string? sentence)
    {
        if (string.IsNullOrWhiteSpace(sentence))
            return null;

        var line = string.Join(' ', _redactor.Redact(sentence).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        line = string.Concat(line.Where(c => !char.IsControl(c)));
        return line.Length switch
        {
            0 => null,
            > LongestQuote => line[..(char.IsHighSurrogate(line[LongestQuote - 1]) ? LongestQuote - 1 : LongestQuote)] + "…",
            _ => line,
        };
    }

    private static string? Member(JsonElement body, string name) =>
        body.TryGetProperty(name, out var member) ? SentenceIn(member) : null;

    private static string Reason(int status) =>
        Enum.IsDefined((HttpStatusCode)status) ? Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(status) : "";
}
