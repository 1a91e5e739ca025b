using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Gateway.Templates;

/// <summary>What can be done with the values of paths; see <see cref="TemplateScope"/>.</summary>
internal static class TemplateValue
{
    /// <summary>A JSON value as a value of paths.</summary>
    /// <exception cref="TemplateException">A number that is too large to be counted with.</exception>
    public static object? Of(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.String => json.GetString(),
        JsonValueKind.Number => json.TryGetDecimal(out var number) ? number : throw new TemplateException($"The number {Shown(json)} is too large to be counted with."),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Null or JsonValueKind.Undefined => null,
        _ => json,
    };

    /// <summary>A JSON value as a value of paths. Each read makes it anew, and so counts by its length.</summary>
    /// <exception cref="TemplateException">As <see cref="Of(JsonElement)"/>; or it is too much.</exception>
    public static object? Of(JsonElement json, TemplateScope scope)
    {
        if (json.ValueKind is JsonValueKind.String or JsonValueKind.Number) scope.Take(JsonMarshal.GetRawUtf8Value(json).Length);
        return Of(json);
    }

    /// <summary>Finds a member of a value; <c>size</c> is one of every text and list.</summary>
    /// <exception cref="TemplateException">It is too much for the scope.</exception>
    public static bool TryMember(object? value, string name, TemplateScope scope, out object? member)
    {
        member = null;
        switch (value)
        {
            case ITemplateObject found when found.TryGet(name, out member):
                return true;
            case ITemplateObject { Text: { } whole } when name == "size":
                member = (decimal)whole.Length;
                return true;
            case JsonElement { ValueKind: JsonValueKind.Object } json when Find(json, name, scope) is { } property:
                member = Of(property, scope);
                return true;
        }

        if (name == "size" && SizeOf(value) is { } size)
        {
            member = (decimal)size;
            return true;
        }

        return name is "first" or "last" && CountOf(value) is { } count && TryItem(value, name == "first" ? 0 : count - 1, scope, out member);
    }

    /// <summary>Finds an item of a list, counted from 0, or from its end when below.</summary>
    /// <exception cref="TemplateException">It is too much for the scope.</exception>
    public static bool TryItem(object? value, int index, TemplateScope scope, out object? item)
    {
        item = null;
        if (CountOf(value) is not { } count) return false;
        if (index < 0) index += count;
        if (index < 0 || index >= count) return false;
        if (value is JsonElement json)
        {
            // Where there are lists or objects in a list, those before it are gone through.
            scope.Take(index);
            item = Of(json[index], scope);
            return true;
        }

        item = ((IReadOnlyList<string>)value!)[index];
        return true;
    }

    /// <summary>The items of a list; null when the value is none.</summary>
    public static IEnumerable<object?>? Items(object? value) => value switch
    {
        JsonElement { ValueKind: JsonValueKind.Array } json => json.EnumerateArray().Select(Of),
        IReadOnlyList<string> list => list,
        _ => null,
    };

    /// <summary>What a value says when it is written out.</summary>
    public static string Text(object? value) => value switch
    {
        null => string.Empty,
        bool truth => truth ? "true" : "false",
        decimal number => number.ToString("0.############################", CultureInfo.InvariantCulture),
        string text => text,
        JsonElement json => json.GetRawText(),
        IReadOnlyList<string> list => string.Join("\n\n", list),
        ITemplateObject { Text: { } whole } => whole,
        _ => throw new TemplateException("A path leads to something that has members and no text of its own; name one of them."),
    };

    /// <summary>How many characters a value is made of, roughly.</summary>
    public static long Weight(object? value) => value switch
    {
        string text => text.Length + 1,
        ITemplateObject { Text: { } whole } => whole.Length + 1,
        IReadOnlyList<string> list => list.Sum(text => (long)text.Length) + 1,
        JsonElement json => JsonMarshal.GetRawUtf8Value(json).Length + 1,
        _ => 1,
    };

    /// <summary>A value that is compared: what says something as a whole is that text.</summary>
    public static object? Plain(object? value) => value is ITemplateObject { Text: { } whole } ? whole : value;

    /// <summary>What a value is, for a message.</summary>
    public static string Kind(object? value) => value switch
    {
        null => "nothing",
        bool => "true or false",
        decimal => "a number",
        string => "text",
        JsonElement { ValueKind: JsonValueKind.Array } or IReadOnlyList<string> => "a list",
        _ => "an object",
    };

    // An object is gone through from its end.
    private static JsonElement? Find(JsonElement json, string name, TemplateScope scope)
    {
        scope.Take(json.GetPropertyCount());
        return json.TryGetProperty(name, out var property) ? property : null;
    }

    private static string Shown(JsonElement number) => number.GetRawText() is { Length: > 40 } text ? text[..40] + "..." : number.GetRawText();

    private static int? SizeOf(object? value) => value switch
    {
        string text => text.Length,
        JsonElement { ValueKind: JsonValueKind.Object } json => json.GetPropertyCount(),
        _ => CountOf(value),
    };

    private static int? CountOf(object? value) => value switch
    {
        JsonElement { ValueKind: JsonValueKind.Array } json => json.GetArrayLength(),
        IReadOnlyList<string> list => list.Count,
        _ => null,
    };
}
