using Gateway.Contracts;
using Gateway.Workflows;

namespace Gateway.Engine.Nodes;

/// <summary>An agent's turn: its model is called, and what it answers is the node's output.</summary>
internal sealed class AgentKind : NodeKind
{
    /// <inheritdoc/>
    public override string Type => NodeType.Agent;

    /// <inheritdoc/>
    public override NodeRules Rules { get; } = new() { Agent = KeyUse.Required, Prompt = KeyUse.Optional };

    /// <inheritdoc/>
    public override void Start(NodeContext node)
    {
        // The call is all it does.
    }

    /// <inheritdoc/>
    public override NodeWork Work(NodeView node) => new AgentCall(node.Definition.Agent!);
}
