using System.Text.Json;
using Gateway.Contracts;
using Gateway.Workflows;

namespace Gateway.Engine.Nodes;

/// <summary>An agent's turn: its model is called, and what it answers is the node's output.</summary>
/// <remarks>With <c>output: json</c>, what is not JSON or does not fit the schema goes back to the model with the reasons, as a new attempt.</remarks>
internal sealed class AgentKind : NodeKind
{
    private const string AsJson = "json";
    private const int DefaultRepairs = 1;
    private const int MostRepairs = 10;

    private static readonly WithKey OutputKey = new("output", WithValue.Text) { Choices = ["text", AsJson], Description = "With json, what the agent says must be JSON; absent: text" };
    private static readonly WithKey SchemaKey = new("schema", WithValue.Keys) { Description = "A JSON Schema that the JSON must fit; without references, patterns and unique items" };
    private static readonly WithKey RepairKey = new("repair", WithValue.WholeNumber) { Minimum = 0, Maximum = MostRepairs, Description = "How often an answer that is no such JSON goes back to the model with the reasons; absent: 1" };
    private static readonly WithKey ToolsKey = new("tools", WithValue.List) { Description = "The tools that the agent may call here, in place of its own" };
    private static readonly WithKey ToolRoundsKey = new("max_tool_rounds", WithValue.WholeNumber) { Minimum = 0, Maximum = ToolLimits.MostRounds, Description = "How often the agent may call tools here before it must answer; absent: as the agent says, or 5" };

    /// <inheritdoc/>
    public override string Type => NodeType.Agent;

    /// <inheritdoc/>
    public override NodeRules Rules { get; } = new()
    {
        Description = "Its agent speaks; what it says is the node's output.",
        Work = WorkUse.Model,
        Agent = KeyUse.Required,
        Prompt = KeyUse.Optional,
        With = [OutputKey, SchemaKey, RepairKey, ToolsKey, ToolRoundsKey],
    };

    /// <inheritdoc/>
    public override void Check(NodeCheck check)
    {
        var node = check.Definition;
        if (!IsJson(node) && SchemaKey.Json(node) is not null) check.Report($"with.{SchemaKey.Name}", "Only JSON has a schema; say 'output: json', or take the key out.");
        if (!IsJson(node) && RepairKey.Json(node) is not null) check.Report($"with.{RepairKey.Name}", "Only JSON is repaired; say 'output: json', or take the key out.");
        if (ToolsKey.Json(node) is { } tools) CheckTools(check, tools);
        if (SchemaKey.Json(node) is { } schema && OutputSchema.Read(schema).Problem is { } problem) check.Report($"with.{SchemaKey.Name}", problem);
    }

    /// <inheritdoc/>
    public override void Start(NodeContext node)
    {
        // The call is all it does.
    }

    /// <inheritdoc/>
    public override NodeWork Work(NodeView node) => new AgentCall(node.Definition.Agent!)
    {
        IsJson = IsJson(node.Definition),
        Schema = SchemaKey.Json(node.Definition),
        Tools = Tools(node.Definition) ?? node.Agent?.Tools ?? [],
        MaxToolRounds = ToolRoundsKey.WholeNumber(node.Definition) ?? node.Agent?.MaxToolRounds ?? ToolLimits.DefaultRounds,
    };

    /// <inheritdoc/>
    public override void Finished(NodeContext node)
    {
        var definition = node.Node.Definition;
        if (!IsJson(definition))
        {
            node.Complete();
            return;
        }

        var (json, isWhole) = Read(node.Node.Text);
        if (Refuse(definition, json) is not { } reason)
        {
            // What it said is what it found, unless something stood around it.
            node.Complete(isWhole ? null : json);
            return;
        }

        var failure = new NodeFailure(ErrorCode.OutputInvalid, reason);
        if (node.Node.Rejections >= (RepairKey.WholeNumber(definition) ?? DefaultRepairs))
        {
            node.Fail(failure);
            return;
        }

        node.Reject(failure);
        node.RunAgain();
    }

    private static IReadOnlyList<string>? Tools(NodeDefinition node) =>
        ToolsKey.Json(node) is { } list ? [.. list.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.String).Select(item => item.GetString()!)] : null;

    private static void CheckTools(NodeCheck check, JsonElement tools)
    {
        if (tools.GetArrayLength() > ToolLimits.MostTools) check.Report($"with.{ToolsKey.Name}", ToolLimits.Tools);
        foreach (var (index, tool) in tools.EnumerateArray().Take(ToolLimits.MostTools).Index())
        {
            check.RequireTool($"with.{ToolsKey.Name}[{index}]", tool.ValueKind == JsonValueKind.String ? tool.GetString() : null, mayBeServer: true);
        }
    }

    private static bool IsJson(NodeDefinition node) => OutputKey.Text(node) == AsJson;

    private static string? Refuse(NodeDefinition definition, JsonElement? json)
    {
        if (json is not { } value) return "The answer is not JSON.";
        if (SchemaKey.Json(definition) is not { } schema) return null;
        var reasons = OutputSchema.Read(schema).Schema?.Refuse(value);
        return reasons is null ? null : $"The answer does not fit its schema: {reasons}.";
    }

    // Models like to put JSON between fences, whatever they are told.
    private static (JsonElement? Json, bool IsWhole) Read(string text)
    {
        if (TryParse(text, out var whole)) return (whole, true);
        var begin = text.IndexOf("```", StringComparison.Ordinal);
        var line = begin < 0 ? -1 : text.IndexOf('\n', begin);
        var end = line < 0 ? -1 : text.IndexOf("```", line, StringComparison.Ordinal);
        return end > 0 && TryParse(text[line..end], out var fenced) ? (fenced, false) : (null, false);
    }

    private static bool TryParse(string text, out JsonElement json)
    {
        var read = JsonLimits.TryParse(text);
        json = read.GetValueOrDefault();
        return read is not null;
    }
}
