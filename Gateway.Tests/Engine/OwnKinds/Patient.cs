using Gateway.Engine;
using Gateway.Workflows;

namespace Gateway.Tests.Engine.OwnKinds;

/// <summary>A node kind of an embedding host that asks a user, asks once more after <c>remind_in</c>, and gives up after <c>expires_in</c>.</summary>
public sealed class Patient : NodeKind
{
    public const string TypeName = "patient";

    private const string Reminder = "Are you still there?";

    private static readonly WithKey RemindKey = new("remind_in", WithValue.Time);
    private static readonly WithKey ExpireKey = new("expires_in", WithValue.Time);

    public override string Type => TypeName;

    public override NodeRules Rules { get; } = new() { With = [RemindKey, ExpireKey] };

    public override void Start(NodeContext node) => node.Ask("Well?");

    public override TimeSpan? Due(NodeView node) => node.Prompt?.Text == Reminder ? ExpireKey.Time(node.Definition) : RemindKey.Time(node.Definition) ?? ExpireKey.Time(node.Definition);

    public override void TimeCame(NodeContext node)
    {
        if (node.Node.Elapsed >= ExpireKey.Time(node.Node.Definition)) node.Fail(new NodeFailure("expired", "Nobody answered."));
        else node.Ask(Reminder);
    }
}
