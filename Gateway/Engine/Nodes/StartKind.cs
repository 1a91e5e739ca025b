using Gateway.Contracts;
using Gateway.Workflows;

namespace Gateway.Engine.Nodes;

/// <summary>Where a session begins.</summary>
internal sealed class StartKind : NodeKind
{
    /// <inheritdoc/>
    public override string Type => NodeType.Start;

    /// <inheritdoc/>
    public override NodeRules Rules { get; } = new() { Description = "Where a session begins.", Begins = true };

    /// <inheritdoc/>
    public override void Start(NodeContext node) => node.Complete();
}
