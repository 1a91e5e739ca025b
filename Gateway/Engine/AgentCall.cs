namespace Gateway.Engine;

/// <summary>An agent is asked, with the input and what the nodes before said; what it answers is said by the node.</summary>
/// <param name="Agent">One of the workflow's agents.</param>
public sealed record AgentCall(string Agent) : NodeWork(Agent);
