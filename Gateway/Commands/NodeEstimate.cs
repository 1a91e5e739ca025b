namespace Gateway.Commands;

/// <summary>What one node would consume.</summary>
internal sealed record NodeEstimate
{
    /// <summary>The agent that speaks at it.</summary>
    public required string Agent { get; init; }

    /// <summary>How often its model is called: more than once in a loop, or when an answer is repaired.</summary>
    public required int Calls { get; init; }

    /// <summary>Tokens read.</summary>
    public required long InputTokens { get; init; }

    /// <summary>Tokens written.</summary>
    public required long OutputTokens { get; init; }

    /// <summary>US dollars; 0 with <c>cost_known</c> false when the model has no price.</summary>
    public required decimal EstimatedCostUsd { get; init; }

    /// <summary>False when the model has no price; absent otherwise.</summary>
    public bool? CostKnown { get; init; }

    /// <summary>How long its calls take together.</summary>
    public required double Seconds { get; init; }
}
