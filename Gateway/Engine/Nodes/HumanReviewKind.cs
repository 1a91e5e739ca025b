using Gateway.Contracts;
using Gateway.Workflows;

namespace Gateway.Engine.Nodes;

/// <summary>Shows its prompt and waits; the first answer of a user is the node's output.</summary>
internal sealed class HumanReviewKind : NodeKind
{
    /// <inheritdoc/>
    public override string Type => NodeType.HumanReview;

    /// <inheritdoc/>
    public override NodeRules Rules { get; } = new() { Prompt = KeyUse.Required };

    /// <inheritdoc/>
    public override void Start(NodeContext node) => node.Ask(node.Node.Definition.Prompt is { } prompt ? node.Node.Render(prompt) : "Your answer?");

    /// <inheritdoc/>
    public override void Recover(NodeContext node)
    {
        // With a text it has been answered, and only the end is missing from the log.
        if (node.Node.Text.Length > 0) node.Complete();
        else Start(node);
    }

    /// <inheritdoc/>
    public override string Heading(NodeView node) =>
        node.Definition.Prompt is { } prompt && !string.IsNullOrWhiteSpace(prompt) && !prompt.Contains("{{", StringComparison.Ordinal) && !prompt.Contains("{%", StringComparison.Ordinal) ? $"User, asked: {prompt}" : "User";
}
