using System.Text.Json;

namespace Gateway.Tools;

/// <summary>The arguments of a call by name.</summary>
internal static class ToolArguments
{
    /// <summary>Reads them; of a name that stands there twice the last counts, since a person or a model wrote them.</summary>
    public static Dictionary<string, T> Of<T>(JsonElement arguments, Func<JsonElement, T> value)
    {
        var byName = new Dictionary<string, T>(StringComparer.Ordinal);
        foreach (var member in arguments.EnumerateObject()) byName[member.Name] = value(member.Value);
        return byName;
    }
}
