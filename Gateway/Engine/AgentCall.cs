using System.Text.Json;

namespace Gateway.Engine;

/// <summary>An agent is asked, with the input and what the nodes before said; what it answers is said by the node.</summary>
/// <param name="Agent">One of the workflow's agents.</param>
public sealed record AgentCall(string Agent) : NodeWork(Agent)
{
    /// <summary>Whether it is asked for JSON and nothing else.</summary>
    public bool IsJson { get; init; }

    /// <summary>The JSON Schema that its JSON shall fit; null: any.</summary>
    public JsonElement? Schema { get; init; }

    /// <summary>The tools that it may call, by their names or those of their servers; the engine calls them and asks again.</summary>
    public IReadOnlyList<string> Tools { get; init; } = [];

    /// <summary>How often it may call tools before it must answer; calls side by side are one round.</summary>
    public int MaxToolRounds { get; init; } = 5;
}
