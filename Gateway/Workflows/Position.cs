namespace Gateway.Workflows;

/// <summary>A place in a file; lines and columns count from 1.</summary>
internal readonly record struct Position(long Line, long Column)
{
    /// <summary>The first character of a file.</summary>
    public static Position Start { get; } = new(1, 1);
}
