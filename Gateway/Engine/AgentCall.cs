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
}
