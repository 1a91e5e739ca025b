namespace Gateway.Engine.Calls;

/// <summary>What the work of a node produces.</summary>
internal abstract record ModelPiece
{
    /// <summary>A piece of text, or of reasoning.</summary>
    public sealed record Chunk(string Text, bool IsThinking) : ModelPiece;

    /// <summary>What the call consumed, with its price in US dollars; the price is 0 and not known when the model has none. Whether its text was cut at a limit of tokens.</summary>
    public sealed record Usage(long InputTokens, long OutputTokens, decimal CostUsd, bool CostKnown, bool IsTruncated = false) : ModelPiece
    {
        /// <summary>How many of the tokens read came from the provider's cache.</summary>
        public long CachedTokens { get; init; }

        /// <summary>How many of the tokens written are reasoning.</summary>
        public long ReasoningTokens { get; init; }
    }

    /// <summary>The model wants tools to be called before it goes on; always the last piece.</summary>
    public sealed record Called(IReadOnlyList<RequestedCall> Calls) : ModelPiece;

    /// <summary>A call of a tool has ended: what it answered, its length when it is cut, and a code when it failed.</summary>
    public sealed record ToolEnded(string CallId, string Result, long? ResultLength, string? Code) : ModelPiece;

    /// <summary>The answer is whole; always the last piece.</summary>
    public sealed record Finished : ModelPiece;

    /// <summary>There will be no whole answer; always the last piece.</summary>
    public sealed record Failed(string Code, string Message) : ModelPiece
    {
        /// <summary>Whether the next try could end otherwise.</summary>
        public bool MayPass { get; init; } = true;

        /// <summary>For how long the provider asks to be left alone; null: it does not say.</summary>
        public TimeSpan? RetryAfter { get; init; }
    }
}
