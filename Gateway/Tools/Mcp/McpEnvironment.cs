using System.Collections;

namespace Gateway.Tools.Mcp;

/// <summary>The environment of a server that is started.</summary>
internal static class McpEnvironment
{
    private const string Own = "Gateway";

    /// <summary>What is set and, with null, what is taken out: the gateway's own settings, which hold its keys.</summary>
    public static Dictionary<string, string?> For(McpServerOptions options)
    {
        var variables = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            var name = (string)variable.Key;
            if (name.StartsWith($"{Own}__", StringComparison.OrdinalIgnoreCase) || name.StartsWith($"{Own}:", StringComparison.OrdinalIgnoreCase)) variables[name] = null;
        }

        foreach (var (name, value) in options.Environment) variables[name] = value;
        return variables;
    }
}
