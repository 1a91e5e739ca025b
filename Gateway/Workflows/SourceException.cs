namespace Gateway.Workflows;

/// <summary>A file cannot be read beyond one place.</summary>
internal sealed class SourceException(Position at, string message) : Exception(message)
{
    /// <summary>How deep values may stand inside each other; a workflow needs four.</summary>
    public const int MaxDepth = 32;

    /// <summary>How many values a definition may have; the densest one that can run has fewer.</summary>
    public const int MaxValues = 250_000;

    /// <summary>The place.</summary>
    public Position At { get; } = at;

    /// <summary>There are more values than any workflow has.</summary>
    public static SourceException TooMany(Position at) => new(at, $"There are more than {MaxValues} values; a workflow has at most {WorkflowValidator.MaxNodes} nodes and agents.");

    /// <summary>Values stand inside each other too deep.</summary>
    public static SourceException TooDeep(Position at) => new(at, $"Values stand more than {MaxDepth} deep inside each other.");
}
