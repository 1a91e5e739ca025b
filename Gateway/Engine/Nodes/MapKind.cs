using System.Text.Json;
using Gateway.Contracts;
using Gateway.Workflows;

namespace Gateway.Engine.Nodes;

/// <summary>Goes through its body once for each item of a list, side by side; what comes back passes through, in the order of the list.</summary>
/// <remarks>How many items there were, and from how many something came back, is its result. An item from which nothing came back does not hold up the others.</remarks>
internal sealed class MapKind : NodeKind
{
    private const string DefaultName = "item";
    private const int DefaultAtOnce = 10;

    private static readonly WithKey OverKey = new("over", WithValue.Expression, IsRequired: true) { Description = "The list, such as nodes.plan.json.topics" };
    private static readonly WithKey AsKey = new("as", WithValue.Text) { Description = "What the body calls an item; absent: item" };
    private static readonly WithKey BodyKey = new("body", WithValue.Text, IsRequired: true) { Description = "The first node of its body, whose last nodes lead back to the map" };
    private static readonly WithKey ParallelKey = new("max_parallel", WithValue.WholeNumber) { Minimum = 1, Maximum = MapBounds.Items, Description = "How many items are under way at once; absent: 10" };

    /// <inheritdoc/>
    public override string Type => NodeType.Map;

    /// <inheritdoc/>
    public override NodeRules Rules { get; } = new()
    {
        Description = "Goes through its body once for each item of a list, side by side.",
        Maps = true,
        With = [OverKey, AsKey, BodyKey, ParallelKey],
    };

    /// <inheritdoc/>
    public override IEnumerable<NodeWay> Ways(NodeDefinition node)
    {
        if (BodyKey.Text(node) is { } body) yield return new NodeWay($"with.{BodyKey.Name}", body, IsBody: true) { Label = BodyKey.Name };
    }

    /// <inheritdoc/>
    public override string ItemName(NodeDefinition node) => AsKey.Text(node) ?? DefaultName;

    /// <inheritdoc/>
    public override void Check(NodeCheck check)
    {
        if (AsKey.Text(check.Definition) is { } name && !PathCheck.IsName(name)) check.Report($"with.{AsKey.Name}", $"'{Naming.Show(name)}' is no name for an item: that has letters, digits and '_', begins with a letter, and means nothing else in templates.");
    }

    /// <inheritdoc/>
    public override JsonElement? Given(NodeView node) => node.List(OverKey.Text(node.Definition)!);

    /// <inheritdoc/>
    public override int ItemsAtOnce(NodeView node) => ParallelKey.WholeNumber(node.Definition) ?? DefaultAtOnce;

    /// <inheritdoc/>
    public override void Start(NodeContext node)
    {
        // The engine begins the items. Without any there is nothing to wait for.
        if (node.Node.ItemCount == 0) node.Complete(ResultOf(node.Node));
    }

    /// <inheritdoc/>
    public override void RoundEnded(NodeContext node)
    {
        // A session that was forked where the map had just begun comes here without any items, too.
        if (node.Node is { ItemCount: > 0, ItemsReturned: 0 }) node.Fail(new NodeFailure(ErrorCode.NothingCameBack, $"All {node.Node.ItemCount} items are over, and from none of them the body led back to the map."));
        else node.Complete(ResultOf(node.Node));
    }

    /// <inheritdoc/>
    public override NodeOutput Output(NodeView node) => NodeOutput.Passed;

    private static JsonElement ResultOf(NodeView node) => Json.Of(("items", node.ItemCount), ("returned", node.ItemsReturned));
}
