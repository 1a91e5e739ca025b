namespace Gateway.Engine.Calls;

/// <summary>What a run of an agent's model produces.</summary>
internal abstract record AgentOutput
{
    /// <summary>A piece of text, or of reasoning.</summary>
    public sealed record Chunk(string Text, bool IsThinking) : AgentOutput;

    /// <summary>What the call consumed, with its price in US dollars; 0 and not known when the model has no price.</summary>
    public sealed record Usage(long InputTokens, long OutputTokens, decimal CostUsd, bool CostKnown) : AgentOutput;

    /// <summary>The answer is whole; always last.</summary>
    public sealed record Finished : AgentOutput;

    /// <summary>There will be no whole answer; always last.</summary>
    public sealed record Failed(string Code, string Message) : AgentOutput;
}
