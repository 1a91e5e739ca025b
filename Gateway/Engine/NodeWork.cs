namespace Gateway.Engine;

/// <summary>What the engine does for a node as long as it runs: so far, calling an agent's model.</summary>
/// <remarks>Only the engine has kinds of work; a node kind chooses among them.</remarks>
public abstract record NodeWork
{
    private protected NodeWork(string speaker) => Speaker = speaker;

    /// <summary>The <c>agent_id</c> of what it says and consumes.</summary>
    public string Speaker { get; }
}
