using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Gateway.Models.Network;

/// <summary>Reads the JSON of providers, who do not all write it well.</summary>
internal static class LenientJson
{
    /// <summary>Reads a text that should be JSON; bytes that are not UTF-8 become U+FFFD.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out JsonElement json)
    {
        try
        {
            // Small servers cut a character between two tokens, and send the bytes of each half as they are.
            json = JsonElement.Parse(Utf8.IsValid(text) ? text : Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(text)));
            return true;
        }
        catch (JsonException)
        {
            json = default;
            return false;
        }
    }

    /// <summary>A member that is there and is not null.</summary>
    public static bool Has(this JsonElement json, string name, out JsonElement member)
    {
        member = default;
        return json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out member) && member.ValueKind != JsonValueKind.Null;
    }

    /// <summary>A member that is a text; null when there is none.</summary>
    public static string? Text(this JsonElement json, string name) =>
        json.Has(name, out var member) && member.ValueKind == JsonValueKind.String ? member.ToText() : null;

    /// <summary>A member that is a text with something in it.</summary>
    public static bool HasText(this JsonElement json, string name, [NotNullWhen(true)] out string? text)
    {
        text = json.Text(name);
        return !string.IsNullOrEmpty(text);
    }

    /// <summary>A member that counts something, also when it is written as <c>3.0</c> or <c>"3"</c>; null when it is no such number.</summary>
    public static long? Count(this JsonElement json, string name)
    {
        if (!json.Has(name, out var member)) return null;
        var text = member.ValueKind switch
        {
            JsonValueKind.Number => member.GetRawText(),
            JsonValueKind.String => member.ToText(),
            _ => null,
        };

        // Nobody has written a trillion tokens; what says so is not to be multiplied with a price.
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number is >= 0 and <= 1e12 ? (long)number : null;
    }

    /// <summary>A JSON text as it is; of a character that was cut in two the half is kept, since the other may come with the next piece.</summary>
    public static string ToText(this JsonElement json)
    {
        var raw = JsonMarshal.GetRawUtf8Value(json)[1..^1];
        if (raw.IndexOf((byte)'\\') < 0) return Encoding.UTF8.GetString(raw);

        var escaped = Encoding.UTF8.GetString(raw);
        var text = new StringBuilder(escaped.Length);
        for (var at = 0; at < escaped.Length; at++)
        {
            if (escaped[at] != '\\')
            {
                text.Append(escaped[at]);
                continue;
            }

            // The parser has made sure that every escape is a whole one.
            at++;
            text.Append(escaped[at] switch
            {
                'n' => '\n',
                't' => '\t',
                'r' => '\r',
                'b' => '\b',
                'f' => '\f',
                'u' => (char)ushort.Parse(escaped.AsSpan(at + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture),
                var plain => plain,
            });
            if (escaped[at] == 'u') at += 4;
        }

        return text.ToString();
    }
}
