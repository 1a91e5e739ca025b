namespace Gateway.Commands;

/// <summary>Something wrong in a definition.</summary>
internal sealed record ReportedProblem
{
    /// <summary>Where in the definition, such as <c>nodes.debate.next[1]</c>; empty when it concerns all of it.</summary>
    public required string Path { get; init; }

    /// <summary>Its line in the text, from 1; absent when it concerns all of it.</summary>
    public long? Line { get; init; }

    /// <summary>The column in that line, from 1, in characters; absent when it concerns all of the text.</summary>
    public long? Column { get; init; }

    /// <summary>What is wrong, as a sentence.</summary>
    public required string Message { get; init; }

    /// <summary>The way out, as a sentence; absent where the message says it all.</summary>
    public string? Hint { get; init; }
}
