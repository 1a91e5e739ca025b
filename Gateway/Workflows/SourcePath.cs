namespace Gateway.Workflows;

/// <summary>Paths into a definition, as problems name them.</summary>
internal static class SourcePath
{
    /// <summary>The path of a member.</summary>
    public static string Member(string parent, string key) => parent.Length == 0 ? Naming.Show(key) : $"{parent}.{Naming.Show(key)}";
}
