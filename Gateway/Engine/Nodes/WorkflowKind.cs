using System.Text.Json;
using Gateway.Contracts;
using Gateway.Workflows;

namespace Gateway.Engine.Nodes;

/// <summary>Runs another workflow as a part of this one; what reaches its end passes through.</summary>
/// <remarks>The child is put in where the session starts, and sees nothing of the workflow around it but its input.</remarks>
internal sealed class WorkflowKind : NodeKind
{
    private static readonly WithKey InputKey = new("input", WithValue.Any) { Description = "What it works on: a template, or keys with templates; absent: what this workflow works on" };

    /// <inheritdoc/>
    public override string Type => NodeType.Workflow;

    /// <inheritdoc/>
    public override NodeRules Rules { get; } = new()
    {
        Description = "Runs another workflow as a part of this one.",
        Nests = true,
        With = [ChildWorkflows.WorkflowKey, InputKey],
    };

    /// <inheritdoc/>
    public override IEnumerable<NodeWay> Ways(NodeDefinition node)
    {
        if (ChildWorkflows.EntryKey.Text(node) is { } entry) yield return new NodeWay($"with.{ChildWorkflows.EntryKey.Name}", entry, IsBody: true);
    }

    /// <inheritdoc/>
    public override void Check(NodeCheck check)
    {
        var path = $"with.{InputKey.Name}";
        switch (InputKey.Json(check.Definition))
        {
            case null:
                break;
            case { ValueKind: JsonValueKind.String } text:
                check.RequireTemplate(path, text.GetString());
                break;
            case { ValueKind: JsonValueKind.Object } members:
                foreach (var member in members.EnumerateObject().Where(member => member.Value.ValueKind == JsonValueKind.String)) check.RequireTemplate($"{path}.{Naming.Show(member.Name)}", member.Value.GetString());
                break;
            default:
                check.Report(path, "Expected text, a template, or keys with values.");
                break;
        }
    }

    /// <inheritdoc/>
    public override JsonElement? Given(NodeView node) => InputKey.Json(node.Definition) switch
    {
        null => node.InputJson,
        { ValueKind: JsonValueKind.String } text => JsonParts.Text(node.Render(text.GetString()!)),
        { } members => JsonParts.Write(json =>
        {
            json.WriteStartObject();
            foreach (var member in members.EnumerateObject())
            {
                if (member.Value.ValueKind == JsonValueKind.String) json.WriteString(member.Name, node.Render(member.Value.GetString()!));
                else member.WriteTo(json);
            }

            json.WriteEndObject();
        }),
    };

    /// <inheritdoc/>
    public override void Start(NodeContext node)
    {
        // The engine has begun the child.
        if (ChildWorkflows.EntryKey.Text(node.Node.Definition) is null) node.Fail(new NodeFailure(ErrorCode.InvalidWorkflow, $"The workflow '{IdOf(node.Node)}' was not put in when the session was started."));
    }

    /// <inheritdoc/>
    public override void RoundEnded(NodeContext node)
    {
        if (node.Node.Returned == 0) node.Fail(new NodeFailure(ErrorCode.NothingCameBack, $"The workflow '{IdOf(node.Node)}' is over, and reached none of its ends."));
        else node.Complete();
    }

    /// <inheritdoc/>
    public override NodeOutput Output(NodeView node) => NodeOutput.Passed;

    /// <inheritdoc/>
    public override string Heading(NodeView node) => node.Id;

    private static string? IdOf(NodeView node) => ChildWorkflows.WorkflowKey.Text(node.Definition);
}
