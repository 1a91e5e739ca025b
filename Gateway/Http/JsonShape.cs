using System.Text.Json;

namespace Gateway.Http;

/// <summary>Says which member of a body has the wrong shape, and what it should be.</summary>
internal static class JsonShape
{
    // The serializer names the .NET type it wanted; clients know JSON's types.
    private static readonly (string Type, string Words)[] Expected =
    [
        ("System.String", "a string"),
        ("System.Int32", "a whole number"),
        ("System.Int64", "a whole number"),
        ("System.Double", "a number"),
        ("System.Decimal", "a number"),
        ("System.Boolean", "true or false"),
    ];

    /// <summary>One sentence, such as <c>'workflow.agents.judge.temperature' must be a number.</c></summary>
    public static string Explain(JsonException exception)
    {
        var path = exception.Path is { Length: > 2 } full && full.StartsWith("$.", StringComparison.Ordinal) ? full[2..] : null;
        return path is null ? $"The body must be {Words(exception.Message)}." : $"'{path}' must be {Words(exception.Message)}.";
    }

    private static string Words(string message)
    {
        if (message.StartsWith("Expected a string or a list of strings", StringComparison.Ordinal)) return "a string or a list of strings";

        // Dictionaries name their key type too, so the outermost type decides.
        const string Lead = "could not be converted to ";
        var at = message.IndexOf(Lead, StringComparison.Ordinal);
        var type = at < 0 ? string.Empty : message[(at + Lead.Length)..].Replace("System.Nullable`1[", string.Empty, StringComparison.Ordinal);
        foreach (var (name, words) in Expected)
        {
            if (type.StartsWith(name, StringComparison.Ordinal)) return words;
        }

        return "an object";
    }
}
