namespace Gateway.Tools;

/// <summary>The names of tools. That of a server's tool has the server's name in it: <c>files__read</c>.</summary>
internal static class ToolName
{
    /// <summary>What stands between a server and its tool.</summary>
    public const string Separator = "__";

    /// <summary>The name of a server's tool.</summary>
    public static string Of(string server, string tool) => server + Separator + tool;

    /// <summary>The server that a name leads to; null when it has none in it.</summary>
    public static string? ServerOf(string name) => name.IndexOf(Separator, StringComparison.Ordinal) is > 0 and var end ? name[..end] : null;
}
