using Gateway.Contracts;
using Gateway.Engine;
using Gateway.Workflows;

namespace Gateway.Tests.Engine.OwnKinds;

/// <summary>A node kind of an embedding host that leads to one of its <c>next</c>; the others are skipped.</summary>
public sealed class Route : NodeKind
{
    public const string TypeName = "route";

    private static readonly WithKey ToKey = new("to", WithValue.Text, IsRequired: true);

    public override string Type => TypeName;

    public override NodeRules Rules { get; } = new() { Branches = true, With = [ToKey] };

    public static string To(NodeDefinition definition) => ToKey.Text(definition)!;

    public override void Start(NodeContext node) => node.Complete(next: [To(node.Node.Definition)]);

    public override NodeOutput Output(NodeView node) => NodeOutput.Passed;
}
