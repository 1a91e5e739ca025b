using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;
using Gateway.Contracts;
using Gateway.Refusals;

namespace Gateway.Workflows;

/// <summary>The JSON Schema of workflow files, for editors.</summary>
/// <remarks>
/// Keys and their values come from the types of the contract, what each type of node takes from the table of node kinds, a host's own
/// included. It knows single values; what only the whole definition shows is left to <see cref="WorkflowValidator"/>.
/// </remarks>
internal sealed class WorkflowSchema(NodeShapes shapes)
{
    private const string Dialect = "https://json-schema.org/draft/2020-12/schema";

    private static readonly JsonSerializerOptions s_written = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonSchemaExporterOptions s_exporter = new() { TransformSchemaNode = Transform };

    private readonly Lazy<byte[]> _json = new(() => JsonSerializer.SerializeToUtf8Bytes(Build(shapes), s_written));

    /// <summary>The schema, UTF-8.</summary>
    public ReadOnlyMemory<byte> Json => _json.Value;

    private static JsonObject Build(NodeShapes shapes)
    {
        var workflow = Export(typeof(WorkflowDefinition));
        var (agent, node) = (Export(typeof(AgentDefinition)), Export(typeof(NodeDefinition)));
        agent["type"] = "object";
        Bound(agent, "temperature", minimum: 0, maximum: 2);
        Bound(agent, "max_output_tokens", minimum: 1, maximum: null);
        DescribeNode(node, shapes);
        DescribeWorkflow(workflow);
        JsonObject root = new() { ["$schema"] = Dialect, ["title"] = "Gateway workflow" };
        foreach (var (key, value) in workflow.ToList())
        {
            workflow.Remove(key);
            root[key] = value;
        }

        root["$defs"] = new JsonObject { ["agent"] = agent, ["node"] = node };
        return root;
    }

    private static JsonObject Export(Type type) => ContractsJson.Wire.Options.GetJsonSchemaAsNode(type, s_exporter).AsObject();

    // Keys with their summaries; no others. A key without a value counts as left out, so null is a value of each.
    private static JsonObject Transform(JsonSchemaExporterContext context, JsonNode schema)
    {
        var described = schema as JsonObject ?? [];
        if (context.PropertyInfo is { } property)
        {
            if (property.CustomConverter is StringOrListConverter) described = new JsonObject { ["type"] = new JsonArray("string", "array", "null"), ["items"] = new JsonObject { ["type"] = "string", ["minLength"] = 1 }, ["uniqueItems"] = true };
            if (property.CustomConverter is TimeTextConverter) described = new JsonObject { ["type"] = new JsonArray("string", "number", "null") };
            if (property.AttributeProvider is MemberInfo member && ContractWords.Of(member) is { } words) described["description"] = words;
        }

        if (context.TypeInfo.Kind == JsonTypeInfoKind.Object) described["additionalProperties"] = false;
        return described;
    }

    private static void DescribeWorkflow(JsonObject workflow)
    {
        workflow["type"] = "object";
        workflow["required"] = new JsonArray("nodes");
        var id = Property(workflow, "id");
        id["pattern"] = $"^{IdForm.Pattern}$";
        Budget.Describe(Property(workflow, "budget"));
        Bound(workflow, "max_parallel", minimum: 1, maximum: WorkflowValidator.MaxNodes);
        var defaults = Property(workflow, "defaults");
        Bound(defaults, "temperature", minimum: 0, maximum: 2);
        Bound(defaults, "max_output_tokens", minimum: 1, maximum: null);
        Bound(defaults, "max_tool_rounds", minimum: 0, maximum: ToolLimits.MostRounds);
        Property(defaults, "on_error")["enum"] = new JsonArray([.. WorkflowValidator.Policies.Select(policy => (JsonNode)policy), null]);
        NodeRetry.Describe(Property(defaults, "retry"));
        var agents = Property(workflow, "agents");
        agents["additionalProperties"] = new JsonObject { ["$ref"] = "#/$defs/agent" };
        agents["propertyNames"] = new JsonObject { ["pattern"] = $"^{IdForm.Pattern}$", ["not"] = new JsonObject { ["const"] = TokenStream.UserAgentId } };
        agents["maxProperties"] = WorkflowValidator.MaxNodes;
        var nodes = Property(workflow, "nodes");
        nodes["type"] = "object";
        nodes["additionalProperties"] = new JsonObject { ["$ref"] = "#/$defs/node" };
        nodes["propertyNames"] = new JsonObject { ["pattern"] = $"^{IdForm.Pattern}$" };
        nodes["minProperties"] = 1;
        nodes["maxProperties"] = WorkflowValidator.MaxNodes;
    }

    private static void DescribeNode(JsonObject node, NodeShapes shapes)
    {
        node["type"] = "object";
        node["required"] = new JsonArray("type");
        var type = Property(node, "type");
        type["type"] = "string";
        type["enum"] = new JsonArray([.. shapes.Types.Select(name => (JsonNode)name)]);
        type["description"] = "What the node does: " + string.Join(" ", shapes.Types.Select(name => $"{name}: {shapes.Find(name)!.Rules.Description ?? "a type of this gateway's host."}"));
        Merge(node, "join", NodeJoin.Schema());
        Merge(node, "with", new JsonObject { ["type"] = new JsonArray("object", "null") });
        Property(node, "on_error")["enum"] = new JsonArray([.. WorkflowValidator.Policies.Select(policy => (JsonNode)policy), null]);
        NodeRetry.Describe(Property(node, "retry"));
        Budget.Describe(Property(node, "budget"));
        node["allOf"] = new JsonArray([.. shapes.Types.Select(name => (JsonNode)new JsonObject
        {
            ["if"] = new JsonObject { ["properties"] = new JsonObject { ["type"] = new JsonObject { ["const"] = name } }, ["required"] = new JsonArray("type") },
            ["then"] = OfType(shapes.Find(name)!.Rules),
        })]);
    }

    private static JsonObject OfType(NodeRules rules)
    {
        var properties = new JsonObject();
        var required = new List<string>();
        Use("agent", rules.Agent);
        Use("prompt", rules.Prompt);
        Use("next", rules.Ends ? KeyUse.None : rules.Next);
        if (!rules.Ends && rules.Next != KeyUse.None)
        {
            var next = (properties["next"] as JsonObject) ?? [];
            next["minItems"] = 1;
            if (!rules.Branches) next["maxItems"] = 1;
            properties["next"] = next;
        }

        if (properties["next"] is JsonObject none && (rules.Ends || rules.Next == KeyUse.None))
        {
            none["type"] = new JsonArray("null", "array");
            none["maxItems"] = 0;
        }

        if (rules.Begins)
        {
            properties["when"] = Nothing();
            properties["on_error"] = Nothing();
        }

        if (rules.Work == WorkUse.None) properties["retry"] = Nothing();
        if (!NodeTimeout.HasTotal(rules)) properties["timeout"] = Nothing();
        if (rules.Work != WorkUse.Model) properties["fallback"] = Nothing();
        if (rules.Begins || rules.Ends) properties["budget"] = Nothing();

        properties["with"] = rules.With.Count == 0 ? Nothing() : With(rules.With);
        if (rules.With.Any(key => key.IsRequired)) required.Add("with");
        var then = new JsonObject { ["properties"] = properties };
        if (required.Count > 0) then["required"] = new JsonArray([.. required.Select(key => (JsonNode)key)]);
        return then;

        void Use(string key, KeyUse use)
        {
            if (use == KeyUse.None) properties[key] = Nothing();
            if (use != KeyUse.Required) return;
            required.Add(key);
            properties[key] = new JsonObject { ["not"] = Nothing() };
        }
    }

    private static JsonObject With(IReadOnlyList<WithKey> keys)
    {
        var required = keys.Where(key => key.IsRequired).Select(key => (JsonNode)key.Name).ToArray();
        var with = new JsonObject
        {
            ["type"] = required.Length > 0 ? "object" : new JsonArray("object", "null"),
            ["properties"] = new JsonObject(keys.Select(key => KeyValuePair.Create<string, JsonNode?>(key.Name, Value(key)))),
            ["additionalProperties"] = false,
        };
        if (required.Length > 0) with["required"] = new JsonArray(required);
        return with;
    }

    private static JsonObject Value(WithKey key)
    {
        var value = key.Schema is { } own ? JsonNode.Parse(own.GetRawText()) as JsonObject ?? [] : TypeOf(key.Value);
        if (key.Choices.Count > 0) value["enum"] = new JsonArray([.. key.Choices.Select(choice => (JsonNode)choice)]);
        if (key.Minimum is { } least) value[key.ExcludesMinimum ? "exclusiveMinimum" : "minimum"] = least;
        if (key.Maximum is { } most) value["maximum"] = most;
        var described = key.IsRequired || key.Value == WithValue.Any ? value : new JsonObject { ["anyOf"] = new JsonArray(value, Nothing()) };
        if (key.Description is { } words) described["description"] = words + ".";
        return described;
    }

    private static JsonObject TypeOf(WithValue value) => value switch
    {
        WithValue.Text or WithValue.Template or WithValue.Expression => new() { ["type"] = "string" },
        WithValue.Number => new() { ["type"] = "number" },
        WithValue.WholeNumber => new() { ["type"] = "integer" },
        WithValue.Time => new() { ["type"] = new JsonArray("string", "number") },
        WithValue.TrueOrFalse => new() { ["type"] = "boolean" },
        WithValue.List => new() { ["type"] = "array" },
        WithValue.Keys => new() { ["type"] = "object" },
        _ => [],
    };

    private static JsonObject Nothing() => new() { ["type"] = "null" };

    private static void Bound(JsonObject schema, string key, int? minimum, int? maximum)
    {
        if (minimum is { } least) Property(schema, key)["minimum"] = least;
        if (maximum is { } most) Property(schema, key)["maximum"] = most;
    }

    private static void Merge(JsonObject schema, string key, JsonObject more)
    {
        var property = Property(schema, key);
        foreach (var (name, value) in more.ToList())
        {
            more.Remove(name);
            property[name] = value;
        }
    }

    private static JsonObject Property(JsonObject schema, string key) => (JsonObject)schema["properties"]![key]!;
}
