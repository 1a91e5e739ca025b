using System.Text.Json;
using Gateway.Contracts;
using Gateway.Workflows;

namespace Gateway.Engine.Nodes;

/// <summary>Leads on by the first condition that holds, or by <c>else</c>; what came to it passes through.</summary>
internal sealed class ConditionKind : NodeKind
{
    private static readonly WithKey WhenKey = new("when", WithValue.List, IsRequired: true)
    {
        Description = "The conditions, in order; the first that holds leads on",
        Schema = JsonElement.Parse("""{"type":"array","minItems":1,"items":{"type":"object","properties":{"if":{"type":"string","description":"A condition, such as nodes.score.json.total >= 90"},"next":{"type":"string","description":"The node that follows when it holds"}},"required":["if","next"],"additionalProperties":false}}"""),
    };

    private static readonly WithKey ElseKey = new("else", WithValue.Text, IsRequired: true) { Description = "The node that follows when none of them holds" };

    /// <inheritdoc/>
    public override string Type => NodeType.Condition;

    /// <inheritdoc/>
    public override NodeRules Rules { get; } = new()
    {
        Description = "Leads on by the first condition that holds; the other ways are skipped.",
        Next = KeyUse.None,
        Chooses = true,
        With = [WhenKey, ElseKey],
    };

    /// <inheritdoc/>
    public override IEnumerable<NodeWay> Ways(NodeDefinition node)
    {
        foreach (var (index, item) in Items(node).Index())
        {
            if (TextOf(item, "next") is { } next) yield return new NodeWay($"with.{WhenKey.Name}[{index}].next", next) { Label = TextOf(item, "if") };
        }

        if (ElseKey.Text(node) is { } otherwise) yield return new NodeWay($"with.{ElseKey.Name}", otherwise) { Label = ElseKey.Name };
    }

    /// <inheritdoc/>
    public override void Check(NodeCheck check)
    {
        var items = Items(check.Definition).ToList();
        if (items.Count == 0) check.Report($"with.{WhenKey.Name}", "The list is empty; give it at least one {if, next}.");
        foreach (var (index, item) in items.Index())
        {
            var path = $"with.{WhenKey.Name}[{index}]";
            if (item.ValueKind != JsonValueKind.Object)
            {
                check.Report(path, "Expected keys with values: if and next.");
                continue;
            }

            foreach (var member in item.EnumerateObject().Where(member => member.Name is not ("if" or "next"))) check.Report($"{path}.{Naming.Show(member.Name)}", "Unknown key; the keys here are if, next.");
            if (TextOf(item, "next") is null) check.Report($"{path}.next", "'next' is missing; name the node that follows when the condition holds.");
            if (TextOf(item, "if") is { } condition) check.RequireExpression($"{path}.if", condition);
            else check.Report($"{path}.if", "'if' is missing; write a condition such as nodes.score.json.total >= 90.");
        }
    }

    /// <inheritdoc/>
    public override void Start(NodeContext node)
    {
        var definition = node.Node.Definition;
        var view = node.Node;
        var taken = Items(definition).Where(item => view.Holds(TextOf(item, "if")!)).Select(item => TextOf(item, "next")).FirstOrDefault();
        node.Complete(next: [taken ?? ElseKey.Text(definition)!]);
    }

    /// <inheritdoc/>
    public override NodeOutput Output(NodeView node) => NodeOutput.Passed;

    private static JsonElement.ArrayEnumerator Items(NodeDefinition node) =>
        WhenKey.Json(node) is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray() : default;

    private static string? TextOf(JsonElement? value, string key) =>
        value is { ValueKind: JsonValueKind.Object } with && with.TryGetProperty(key, out var text) && text.ValueKind == JsonValueKind.String ? text.GetString() : null;
}
