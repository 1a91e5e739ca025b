using Gateway.Contracts;
using Gateway.Workflows;

namespace Gateway.Engine.Nodes;

/// <summary>Where a session ends; what came to it is the session's output.</summary>
internal sealed class EndKind : NodeKind
{
    /// <inheritdoc/>
    public override string Type => NodeType.End;

    /// <inheritdoc/>
    public override NodeRules Rules { get; } = new() { Ends = true };

    /// <inheritdoc/>
    public override void Start(NodeContext node) => node.Complete();

    /// <inheritdoc/>
    public override NodeOutput Output(NodeView node) => NodeOutput.Passed;
}
