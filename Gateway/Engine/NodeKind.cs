using System.Text.Json;
using Gateway.Contracts;
using Gateway.Workflows;

namespace Gateway.Engine;

/// <summary>A node kind that does the usual, except for what it overrides.</summary>
public abstract class NodeKind : INodeKind
{
    /// <inheritdoc/>
    public abstract string Type { get; }

    /// <inheritdoc/>
    public virtual NodeRules Rules { get; } = new();

    /// <inheritdoc/>
    /// <remarks>Unless overridden: nothing.</remarks>
    public virtual void Check(NodeCheck check)
    {
    }

    /// <inheritdoc/>
    /// <remarks>Unless overridden: none.</remarks>
    public virtual IEnumerable<NodeWay> Ways(NodeDefinition node) => [];

    /// <inheritdoc/>
    /// <remarks>Unless overridden: nothing.</remarks>
    public virtual string? ItemName(NodeDefinition node) => null;

    /// <inheritdoc/>
    /// <remarks>Unless overridden: it waits for as many nodes before it as its <c>join</c> says, and is skipped when none of them leads to it.</remarks>
    public virtual Readiness IsReady(NodeView node) =>
        node.Arrived >= node.Needs ? Readiness.Starts
        : node.Awaited > 0 ? Readiness.Waits
        : node.Arrived > 0 || node.Before.Count == 0 ? Readiness.Starts
        : Readiness.Skips;

    /// <inheritdoc/>
    /// <remarks>Unless overridden: nothing.</remarks>
    public virtual JsonElement? Given(NodeView node) => null;

    /// <inheritdoc/>
    /// <remarks>Unless overridden: all of them.</remarks>
    public virtual int ItemsAtOnce(NodeView node) => int.MaxValue;

    /// <inheritdoc/>
    public abstract void Start(NodeContext node);

    /// <inheritdoc/>
    /// <remarks>Unless overridden: nothing.</remarks>
    public virtual NodeWork? Work(NodeView node) => null;

    /// <inheritdoc/>
    /// <remarks>Unless overridden: never.</remarks>
    public virtual TimeSpan? Due(NodeView node) => null;

    /// <inheritdoc/>
    /// <remarks>Unless overridden: the node fails.</remarks>
    public virtual void TimeCame(NodeContext node) => node.Fail(new NodeFailure(ErrorCode.NodeTimeout, $"The node's time was over after {node.Node.Elapsed.TotalSeconds:0.###} seconds."));

    /// <inheritdoc/>
    /// <remarks>Unless overridden: the node completes.</remarks>
    public virtual void Finished(NodeContext node) => node.Complete();

    /// <inheritdoc/>
    /// <remarks>Unless overridden: the node fails.</remarks>
    public virtual void Failed(NodeContext node, NodeFailure failure) => node.Fail(failure);

    /// <inheritdoc/>
    /// <remarks>Unless overridden: the node completes.</remarks>
    public virtual void RoundEnded(NodeContext node) => node.Complete();

    /// <inheritdoc/>
    /// <remarks>Unless overridden: every answer is taken.</remarks>
    public virtual string? RefuseAnswer(NodeView node, UserAnswer answer) => null;

    /// <inheritdoc/>
    /// <remarks>Unless overridden: the node completes.</remarks>
    public virtual void Answered(NodeContext node, UserAnswer answer) => node.Complete();

    /// <inheritdoc/>
    /// <remarks>Unless overridden: the node fails.</remarks>
    public virtual void Expired(NodeContext node, NodeFailure reason) => node.Fail(reason);

    /// <inheritdoc/>
    /// <remarks>Unless overridden: as at its start.</remarks>
    public virtual void Recover(NodeContext node) => Start(node);

    /// <inheritdoc/>
    /// <remarks>Unless overridden: what it said.</remarks>
    public virtual NodeOutput Output(NodeView node) => NodeOutput.Said;

    /// <inheritdoc/>
    /// <remarks>Unless overridden: the name of its agent, or its own id where it has none.</remarks>
    public virtual string Heading(NodeView node) => node.Agent?.Name ?? node.Definition.Agent ?? node.Id;
}
