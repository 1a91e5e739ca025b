using Gateway.Contracts;
using Gateway.Workflows;

namespace Gateway.Engine.Nodes;

/// <summary>Where a session ends; what came to it is the session's output, or what its template makes of it.</summary>
internal sealed class EndKind : NodeKind
{
    private static readonly WithKey OutputKey = new("output", WithValue.Template) { Description = "What the session's output is; absent: what came to the node" };

    /// <inheritdoc/>
    public override string Type => NodeType.End;

    /// <inheritdoc/>
    public override NodeRules Rules { get; } = new() { Description = "Where a session ends.", Ends = true, With = [OutputKey] };

    /// <inheritdoc/>
    public override void Start(NodeContext node)
    {
        // What it says is in the log, because users may say more before the session ends.
        if (OutputKey.Text(node.Node.Definition) is { } template) node.Say(node.Node.Render(template));
        node.Complete();
    }

    /// <inheritdoc/>
    public override NodeOutput Output(NodeView node) => OutputKey.Text(node.Definition) is null ? NodeOutput.Passed : NodeOutput.Said;
}
