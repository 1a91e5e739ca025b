using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;

namespace Gateway.Refusals;

/// <summary>Says which member of a message has the wrong shape, and what it should be.</summary>
/// <remarks>The serializer gives the member's path, but names a .NET type, and often the one around it; so the path is followed through the types.</remarks>
internal static partial class JsonShape
{
    /// <summary>One sentence, such as <c>'workflow.agents.judge.temperature' must be a number.</c></summary>
    public static string Explain(JsonException exception, JsonTypeInfo type)
    {
        var path = exception.Path?.TrimStart('$').TrimStart('.');
        return string.IsNullOrEmpty(path) ? "The body must be an object." : $"'{path}' must be {Expected(type, path)}.";
    }

    private static string Expected(JsonTypeInfo root, string path)
    {
        var type = root;
        foreach (Match step in Steps().Matches(path))
        {
            // Below a member with its own converter the serializer knows no types; the one such member is a list of strings.
            if (type.Kind == JsonTypeInfoKind.None) break;
            var name = step.Groups["name"].Value;
            var next = type.Kind == JsonTypeInfoKind.Object ? type.Properties.FirstOrDefault(p => p.Name == name)?.PropertyType : type.ElementType;
            if (next is null) return "of another shape";
            type = root.Options.GetTypeInfo(next);
        }

        return Words(type);
    }

    private static string Words(JsonTypeInfo type) => Type.GetTypeCode(Nullable.GetUnderlyingType(type.Type) ?? type.Type) switch
    {
        TypeCode.String => "a string",
        TypeCode.Int32 or TypeCode.Int64 => "a whole number",
        TypeCode.Double or TypeCode.Decimal => "a number",
        TypeCode.Boolean => "true or false",
        _ when type.Type == typeof(IReadOnlyList<string>) => "a string or a list of strings",
        _ => "an object",
    };

    // name, or ['name'] when it holds other characters than letters and digits, or [0].
    [GeneratedRegex(@"\['(?<name>.*?)'\]|\[(?<name>\d+)\]|(?<name>[^.\[\]]+)")]
    private static partial Regex Steps();
}
