using Gateway.Contracts;
using Gateway.Workflows;

namespace Gateway.Engine.Nodes;

/// <summary>Starts several branches side by side; what came to it passes through.</summary>
internal sealed class ParallelKind : NodeKind
{
    /// <inheritdoc/>
    public override string Type => NodeType.Parallel;

    /// <inheritdoc/>
    public override NodeRules Rules { get; } = new() { Description = "Starts all nodes in next side by side.", Branches = true };

    /// <inheritdoc/>
    public override void Start(NodeContext node)
    {
        node.Branch();
        node.Complete();
    }

    /// <inheritdoc/>
    public override NodeOutput Output(NodeView node) => NodeOutput.Passed;
}
