using Gateway.Engine;

namespace Gateway.Tests.Engine.OwnKinds;

/// <summary>A kind with a bug: it never comes to an end.</summary>
internal sealed class Endless : NodeKind
{
    public const string TypeName = "endless";

    public override string Type => TypeName;

    public override void Start(NodeContext node)
    {
        while (node.Node.Before.Count > 0) node.Say("x");
    }
}
