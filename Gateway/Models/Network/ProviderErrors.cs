using System.Net;
using Microsoft.Extensions.AI;

namespace Gateway.Models.Network;

/// <summary>Words a provider's failures: which model, what was said, and the way out.</summary>
/// <param name="name">The model's name in the configuration.</param>
/// <param name="apiKey">Its key, which is taken out of every sentence.</param>
/// <param name="endpoint">Where the provider is.</param>
/// <param name="hint">What is often wrong with the address of such a server, as it follows the address; null when nothing is.</param>
/// <param name="proxy">The proxy on the way there; null when there is none.</param>
internal sealed class ProviderErrors(string name, string? apiKey, Uri endpoint, string? hint = null, Uri? proxy = null)
{
    private const int LongestQuote = 300;

    private readonly KeyRedactor _redactor = new(apiKey);
    private readonly string _setting = ModelsOptions.SectionOf(name);

    // Without the query, which may carry a secret.
    private readonly string _address = endpoint.GetLeftPart(UriPartial.Path);

    /// <summary>Turns a failure of the provider's client into one for users.</summary>
    /// <param name="failure">What the client threw.</param>
    /// <param name="begun">Whether some of the answer had arrived.</param>
    public ModelException From(Exception failure, bool begun)
    {
        var fault = ModelFault.Of(failure);
        return new ModelException(Sentence(fault, begun)) { MayPass = fault.MayPass, RetryAfter = (failure as ProviderStatusException)?.RetryAfter };
    }

    private string Sentence(ModelFault fault, bool begun) =>
        fault.Kind switch
        {
            ModelFaultKind.Worded => fault.Sentence!,
            ModelFaultKind.Refused => Status(fault.Status, fault.Sentence),
            ModelFaultKind.BrokeOff when begun => Said("broke off its answer", fault.Sentence, null),
            ModelFaultKind.BrokeOff => Said("answered with an error", fault.Sentence, fault.Sentence?.Contains("endpoint", StringComparison.OrdinalIgnoreCase) == true ? $"Check {_setting}:Endpoint ({Place})." : null),
            ModelFaultKind.NotSecure => Plain($"cannot be reached: no secure connection to {_address}{ThroughProxy}; check the certificate, or {_setting}:Endpoint."),
            ModelFaultKind.NotHttp when !begun => Plain($"was reached at {_address}{ThroughProxy}, but what answered there does not speak HTTP, or closed the connection; check {_setting}:Endpoint."),
            ModelFaultKind.NoConnection when !begun => Plain($"cannot be reached at {_address}{ThroughProxy}; check that the server runs and that {_setting}:Endpoint is its address."),
            ModelFaultKind.NotHttp or ModelFaultKind.NoConnection or ModelFaultKind.ConnectionLost => Plain("broke off: the connection to its provider was lost in mid-answer; try again."),
            ModelFaultKind.Unreadable => Plain($"sent something that cannot be read; check that {_setting}:Endpoint speaks the API of its provider."),
            ModelFaultKind.TimedOut => Plain($"did not answer in time at {_address}{ThroughProxy}."),
            _ => Plain($"failed ({fault.Detail})."),
        };

    /// <summary>The model declined to answer.</summary>
    public ModelException Refused(string? sentence) => Lasting(Said("refused", sentence, null));

    /// <summary>There is nothing to ask the model.</summary>
    public ModelException Unasked() => Lasting(Plain("was asked nothing: the session has no input, and the agent has no instructions; give it either."));

    /// <summary>The answer ended without a word; null when that is a proper end.</summary>
    public ModelException? Silent(ChatFinishReason? finish) =>
        finish == ChatFinishReason.ContentFilter ? Lasting(Plain("said nothing: its provider's content filter stopped the answer."))
        : finish is null ? new ModelException(Plain($"ended without a word; check that {_setting}:Endpoint speaks the API of its provider."))
        : null;

    private string Place => hint is null ? _address : $"{_address}; {hint}";

    private string ThroughProxy => proxy is null ? "" : $" through the proxy {proxy.GetLeftPart(UriPartial.Authority).Replace($"{proxy.UserInfo}@", "", StringComparison.Ordinal)} of the environment (HTTP_PROXY, HTTPS_PROXY, ALL_PROXY; NO_PROXY names what goes without)";

    private string Status(int status, string? sentence) =>
        Said($"answered {status} {Reason(status)}".TrimEnd() + (proxy is not null && sentence is null && status is 403 or 407 or >= 500 ? ThroughProxy : ""), sentence, WayOut(status, sentence));

    private string? WayOut(int status, string? sentence) => status switch
    {
        401 or 403 => $"Check {_setting}:ApiKey.",
        404 when sentence?.Contains("pull", StringComparison.Ordinal) == true => $"Check {_setting}:Model.",
        404 => $"Check {_setting}:Model and {_setting}:Endpoint ({Place}).",
        429 => "Its provider's limit is reached; wait, or use another model.",
        >= 300 and < 400 => $"Check {_setting}:Endpoint ({_address}); redirects are not followed.",
        >= 500 => "The trouble is on its provider's side; try again.",
        _ => null,
    };

    private string Said(string what, string? sentence, string? wayOut)
    {
        var quote = Quote(sentence);
        var text = quote is null ? $"{what}." : $"{what}: {(quote[^1] is '.' or '!' or '?' or '…' or '。' ? quote : quote + ".")}";
        return Plain(wayOut is null ? text : $"{text} {wayOut}");
    }

    // An address or a model's name may be where someone put the key.
    private string Plain(string text) => _redactor.RedactOwn($"The model \"{name}\" {text}");

    // What the next try would be told, too.
    private static ModelException Lasting(string text) => new(text) { MayPass = false };

    /// <summary>The sentence on one line, without secrets and cut to a readable length.</summary>
    /// <remarks>Redacted before it is cut: half a key at the edge would not be recognised.</remarks>
    private string? Quote(string? sentence)
    {
        if (string.IsNullOrWhiteSpace(sentence)) return null;
        var line = string.Join(' ', _redactor.Redact(sentence).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        line = string.Concat(line.Where(c => !char.IsControl(c)));
        return line.Length switch
        {
            0 => null,
            > LongestQuote => line[..(char.IsHighSurrogate(line[LongestQuote - 1]) ? LongestQuote - 1 : LongestQuote)] + "…",
            _ => line,
        };
    }

    private static string Reason(int status) =>
        Enum.IsDefined((HttpStatusCode)status) ? Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(status) : "";
}
