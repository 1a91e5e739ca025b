using System.Text;
using System.Text.Json;

namespace Gateway.Models.Network;

/// <summary>Finds a provider's own sentence about a failure, whatever shape it has.</summary>
internal static class ProviderSentence
{
    private const int MostParts = 3;

    // Where providers write it, the most telling first.
    private static readonly string[] Members = ["error", "message", "detail", "errors", "msg", "error_message", "error_msg", "errorMessage", "error_description", "reason", "text"];

    // Members that only an error has, beside answers and without them.
    private static readonly string[] Signs = ["error", "errors", "error_code", "error_message", "error_msg", "error_type", "errorMessage"];

    // What proxies call an event that only keeps the line open.
    private static readonly string[] Lively = ["ping", "pong", "heartbeat", "keepalive", "keep-alive", "keep_alive", "status", "info", "progress"];

    /// <summary>The sentence, not yet redacted; null when there is none.</summary>
    public static string? In(JsonElement body) => body.ValueKind switch
    {
        JsonValueKind.String => NotEmpty(body.ToText()),
        JsonValueKind.Array => NotEmpty(string.Join("; ", body.EnumerateArray().Select(In).OfType<string>().Take(MostParts))),
        JsonValueKind.Object => Members.Select(name => body.Has(name, out var member) ? In(member) : null).FirstOrDefault(sentence => sentence is not null) is { } sentence
            ? Field(body) + sentence
            : null,
        _ => null,
    };

    /// <summary>The sentence in the body of an error answer, not yet redacted; null when there is none, as in a proxy's page.</summary>
    public static string? In(ReadOnlySpan<byte> body)
    {
        if (body.StartsWith(Encoding.UTF8.Preamble)) body = body[Encoding.UTF8.Preamble.Length..];
        if (LenientJson.TryParse(body, out var json)) return In(json);

        // Some servers frame also this as an event.
        if ((body.StartsWith("data:"u8) || body.StartsWith("event:"u8)) && body.IndexOf((byte)'{') is >= 0 and var at)
        {
            var end = body.LastIndexOf((byte)'}');
            return end > at && LenientJson.TryParse(body[at..(end + 1)], out json) ? In(json) : null;
        }

        var text = Encoding.UTF8.GetString(body).Trim();
        return text.Length == 0 || text[0] is '<' or '{' or '[' || text.Contains("</", StringComparison.Ordinal) ? null : text;
    }

    /// <summary>The error that a piece of an answer is or holds, as an exception; null when there is none.</summary>
    public static ProviderStreamException? InAnswer(JsonElement piece) => IsError(piece) ? new ProviderStreamException(In(piece)) : null;

    /// <summary>Whether a member says something: neither null nor empty, 0 or false.</summary>
    public static bool Says(this JsonElement json, string name) => json.Has(name, out var member) && member.ValueKind switch
    {
        JsonValueKind.String => member.GetRawText().Length > 2,
        JsonValueKind.Number => member.GetRawText() is not "0",
        JsonValueKind.Array => member.GetArrayLength() > 0,
        JsonValueKind.Object => member.EnumerateObject().Any(),
        var kind => kind == JsonValueKind.True,
    };

    private static bool IsError(JsonElement piece)
    {
        if (piece.ValueKind == JsonValueKind.Array) return piece.EnumerateArray().Any(IsError);
        if (piece.ValueKind != JsonValueKind.Object) return false;
        if (Signs.Any(sign => piece.Says(sign)) || piece.Text("object") == "error" || piece.Text("type") == "error") return true;

        // Without an answer in it, a piece that says something to people says that it failed.
        if (piece.Has("choices", out _) || piece.Has("done", out _) || piece.Has("usage", out _)) return false;
        return (piece.HasText("message", out _) || piece.HasText("msg", out _) || piece.Says("detail"))
            && !(piece.HasText("type", out var type) && Lively.Contains(type, StringComparer.OrdinalIgnoreCase));
    }

    // "stream_options: " before "Extra inputs are not permitted".
    private static string Field(JsonElement body)
    {
        if (!body.Has("loc", out var path) || path.ValueKind != JsonValueKind.Array) return "";
        var names = path.EnumerateArray().Where(name => name.ValueKind == JsonValueKind.String).Select(name => name.ToText()).Where(name => name != "body").ToArray();
        return names.Length == 0 ? "" : string.Join('.', names) + ": ";
    }

    private static string? NotEmpty(string text) => string.IsNullOrWhiteSpace(text) ? null : text;
}
