namespace Gateway.Engine;

/// <summary>The tool that a node has called with <see cref="NodeContext.Call"/> is at work; the node's <c>Finished</c> or <c>Failed</c> follows.</summary>
/// <param name="Speaker">The <c>agent_id</c> of what is told about the call.</param>
public sealed record ToolWork(string Speaker) : NodeWork(Speaker);
