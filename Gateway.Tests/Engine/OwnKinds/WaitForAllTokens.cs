using Gateway.Contracts;
using Gateway.Engine;
using Gateway.Workflows;

namespace Gateway.Tests.Engine.OwnKinds;

/// <summary>A join that starts as soon as <c>with.tokens</c> of the branches before it have completed, and lets its agent sum up.</summary>
/// <remarks>
/// A node kind of an embedding host: this file is all of it, and it uses nothing that is internal to the gateway (a test reads
/// that from its compiled form). When its model fails it asks a person instead.
/// </remarks>
public sealed class WaitForAllTokens : NodeKind
{
    public const string TypeName = "wait_for_all_tokens";

    private static readonly WithKey TokensKey = new("tokens", WithValue.WholeNumber, IsRequired: true);

    public override string Type => TypeName;

    public override NodeRules Rules { get; } = new()
    {
        Agent = KeyUse.Required,
        With = [TokensKey],
    };

    public override void Check(NodeCheck check)
    {
        var branches = check.Workflow.Nodes!.Values.Count(node => node?.Next?.Contains(check.Id) == true);
        var tokens = Tokens(check.Definition);
        if (tokens < 1) check.Report("with.tokens", "A node waits for at least 1 token.");
        else if (tokens > branches) check.Report("with.tokens", $"The node waits for {tokens} tokens, but only {branches} nodes lead to it.");
    }

    public override Readiness IsReady(NodeView node) => node.Arrived >= Tokens(node.Definition) ? Readiness.Starts : base.IsReady(node);

    public override void Start(NodeContext node)
    {
        if (node.Node.Arrived < Tokens(node.Node.Definition)) node.Fail(new NodeFailure("too_few_tokens", $"Only {node.Node.Arrived} of {Tokens(node.Node.Definition)} tokens arrived."));
    }

    public override NodeWork Work(NodeView node) => new AgentCall(node.Definition.Agent!);

    public override void Failed(NodeContext node, NodeFailure failure)
    {
        node.RunAgain();
        node.Ask($"The model failed ({failure.Code}). How would you sum up {string.Join(" and ", node.Node.Before.Where(before => before.Status == NodeStatus.Completed).Select(before => before.Id))}?");
    }

    public override string? RefuseAnswer(NodeView node, UserAnswer answer) => string.IsNullOrWhiteSpace(answer.Text) ? "The answer is blank; sum up in a word at least." : null;

    public override string Heading(NodeView node) => $"Sum of {Tokens(node.Definition)}";

    private static int Tokens(NodeDefinition definition) => TokensKey.WholeNumber(definition)!.Value;
}
