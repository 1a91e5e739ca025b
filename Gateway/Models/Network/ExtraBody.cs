using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Gateway.Models.Network;

/// <summary>Members of a request that the gateway knows nothing of, from the settings.</summary>
/// <remarks>
/// Settings are texts, whatever they were in the file: a value that is a number, <c>true</c>, <c>false</c>, or JSON in
/// braces or brackets is taken for that, anything else for a text.
/// </remarks>
internal static class ExtraBody
{
    // What the gateway says by itself, and could not do without.
    private static readonly string[] Own = ["messages", "stream"];

    /// <summary>Finds what is wrong with the members in <paramref name="section"/>, a sentence each.</summary>
    public static IEnumerable<string> FindProblems(IConfigurationSection section)
    {
        if (!section.Exists()) yield break;
        if (Value(section) is not JsonObject members)
        {
            yield return $"{section.Path} must be a JSON object, such as {{\"top_k\":20}}.";
            yield break;
        }

        foreach (var name in Own.Where(members.ContainsKey)) yield return $"{section.Path}:{name} is what the gateway says by itself; leave it out.";
    }

    /// <summary>The members; none when the section is not there.</summary>
    public static JsonObject Read(IConfigurationSection section) => section.Exists() && Value(section) is JsonObject members ? members : [];

    /// <summary>Puts members into a body, within objects too; a null takes a member away.</summary>
    public static void Merge(JsonObject body, JsonObject members)
    {
        foreach (var (name, value) in members)
        {
            if (value is null) body.Remove(name);
            else if (value is JsonObject inner && body[name] is JsonObject existing) Merge(existing, inner);
            else body[name] = value.DeepClone();
        }
    }

    private static JsonNode? Value(IConfigurationSection section)
    {
        var children = section.GetChildren().ToArray();
        if (children.Length == 0) return Scalar(section.Value);

        // A list is written as its numbers.
        var isList = children.Select((child, at) => child.Key == at.ToString(CultureInfo.InvariantCulture)).All(isNext => isNext);
        return isList
            ? new JsonArray([.. children.Select(Value)])
            : new JsonObject(children.Select(child => KeyValuePair.Create(child.Key, Value(child))));
    }

    private static JsonNode? Scalar(string? text)
    {
        if (text is null) return null;

        // The reader of JSON files writes them with a capital.
        if (bool.TryParse(text, out var truth)) return JsonValue.Create(truth);
        if (text.TrimStart() is not ['-' or (>= '0' and <= '9') or '{' or '[' or '"', ..] && text != "null") return JsonValue.Create(text);
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return JsonValue.Create(text);
        }
    }
}
