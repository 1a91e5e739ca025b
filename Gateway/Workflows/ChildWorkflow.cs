namespace Gateway.Workflows;

/// <summary>The names of nodes of child workflows: that of the node that has one, a slash, and the name within the child.</summary>
internal static class ChildWorkflow
{
    private const char Slash = '/';

    /// <summary>The name of the node whose child workflow a node is of; null when it is of none.</summary>
    public static string? NodeAround(string name) => name.LastIndexOf(Slash) is > 0 and var slash ? name[..slash] : null;

    /// <summary>The name within its own workflow.</summary>
    public static string LocalName(string name) => name[(name.LastIndexOf(Slash) + 1)..];

    /// <summary>The name of what a node of this name calls <paramref name="local"/>.</summary>
    public static string Resolve(string name, string local) => string.Concat(name.AsSpan(0, name.LastIndexOf(Slash) + 1), local);

    /// <summary>The name of a node of the child workflow of this node.</summary>
    public static string Inside(string name, string local) => $"{name}{Slash}{local}";
}
