namespace Gateway.Workflows;

/// <summary>A file cannot be read beyond one place.</summary>
internal sealed class SourceException(Position at, string message) : Exception(message)
{
    /// <summary>How deep values may stand inside each other; a workflow needs four.</summary>
    public const int MaxDepth = 32;

    /// <summary>The place.</summary>
    public Position At { get; } = at;

    /// <summary>Values stand inside each other too deep.</summary>
    public static SourceException TooDeep(Position at) => new(at, $"Values stand more than {MaxDepth} deep inside each other.");
}
