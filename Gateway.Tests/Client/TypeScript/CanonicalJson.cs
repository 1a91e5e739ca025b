using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Gateway.Tests.Client.TypeScript;

/// <summary>Writes values as JavaScript's <c>JSON.stringify</c> does, members in the order of their names, and without those that are null.</summary>
internal static class CanonicalJson
{
    public static string Write(object value)
    {
        var text = new StringBuilder();
        Write(text, value);
        return text.ToString();
    }

    private static void Write(StringBuilder text, object value)
    {
        switch (value)
        {
            case string words: Quote(text, words); break;
            case bool yes: text.Append(yes ? "true" : "false"); break;
            case int or long: text.Append(((IFormattable)value).ToString(null, CultureInfo.InvariantCulture)); break;
            case decimal amount: text.Append(Number((double)amount)); break;
            case JsonElement json: Write(text, json); break;
            case IReadOnlyDictionary<string, object?> members: WriteMembers(text, members); break;
            case IEnumerable<object> items: WriteItems(text, items); break;
            default: throw new ArgumentException($"There is no JSON for {value.GetType()}.", nameof(value));
        }
    }

    private static void Write(StringBuilder text, JsonElement json)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.Object: WriteMembers(text, json.EnumerateObject().ToDictionary(member => member.Name, object? (member) => member.Value)); break;
            case JsonValueKind.Array: WriteItems(text, json.EnumerateArray().Select(object (item) => item)); break;
            case JsonValueKind.String: Quote(text, json.GetString()!); break;
            case JsonValueKind.Number: text.Append(Number(json.GetDouble())); break;
            default: text.Append(json.GetRawText()); break;
        }
    }

    private static void WriteMembers(StringBuilder text, IReadOnlyDictionary<string, object?> members)
    {
        text.Append('{');
        var separator = "";
        foreach (var (name, member) in members.OrderBy(member => member.Key, StringComparer.Ordinal))
        {
            if (member is null) continue;
            text.Append(separator);
            Quote(text, name);
            text.Append(':');
            Write(text, member);
            separator = ",";
        }

        text.Append('}');
    }

    private static void WriteItems(StringBuilder text, IEnumerable<object> items)
    {
        text.Append('[');
        var separator = "";
        foreach (var item in items)
        {
            text.Append(separator);
            Write(text, item);
            separator = ",";
        }

        text.Append(']');
    }

    private static void Quote(StringBuilder text, string words)
    {
        text.Append('"');
        for (var i = 0; i < words.Length; i++)
        {
            var c = words[i];
            _ = c switch
            {
                '"' => text.Append("\\\""),
                '\\' => text.Append("\\\\"),
                '\b' => text.Append("\\b"),
                '\f' => text.Append("\\f"),
                '\n' => text.Append("\\n"),
                '\r' => text.Append("\\r"),
                '\t' => text.Append("\\t"),
                < ' ' => text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => text.Append(c),
            };
        }

        text.Append('"');
    }

    // JavaScript writes 1e-7 where .NET writes 1E-07.
    private static string Number(double number)
    {
        var shortest = number.ToString("R", CultureInfo.InvariantCulture);
        if (shortest.IndexOf('E', StringComparison.Ordinal) is not (>= 0 and var at)) return shortest;
        var exponent = int.Parse(shortest.AsSpan(at + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        return exponent is < -6 or > 20 ? $"{shortest[..at]}e{(exponent > 0 ? "+" : "")}{exponent}" : ((decimal)number).ToString(CultureInfo.InvariantCulture);
    }
}
