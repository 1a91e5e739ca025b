using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Gateway.Contracts;
using Gateway.Engine.Calls;
using Gateway.Templates;
using Gateway.Tools;
using Gateway.Workflows;

namespace Gateway.Engine.Nodes;

/// <summary>Calls a tool; what it answers is the node's output.</summary>
/// <param name="tools">Says when a person must approve a call; null: this gateway has no tools.</param>
internal sealed class ToolKind(IToolCatalog? tools = null) : NodeKind
{
    private const int MaxDepth = 16;
    private const int MostTemplates = 32;

    private static readonly JsonWriterOptions Writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly JsonDocumentOptions Reading = new() { MaxDepth = RequestedCalls.MaxDepth };

    private static readonly WithKey ToolKey = new("tool", WithValue.Text, IsRequired: true) { Description = "The tool that is called: the name of a function, or of a server and its tool, such as mail__send" };
    private static readonly WithKey ArgumentsKey = new("arguments", WithValue.Keys) { Description = "What the tool is called with; texts are templates, and one that is a single {{ value }} keeps the kind of that; absent: nothing" };
    private static readonly WithKey ApprovalKey = new("approval", WithValue.Text) { Choices = ToolApproval.All, Description = "Whether a person must approve the call; the settings and the tool itself can only be stricter; absent: never" };

    private readonly IToolCatalog _tools = tools ?? NoTools.Instance;

    /// <inheritdoc/>
    public override string Type => NodeType.Tool;

    /// <inheritdoc/>
    public override NodeRules Rules { get; } = new() { Work = WorkUse.Tool, With = [ToolKey, ArgumentsKey, ApprovalKey] };

    /// <inheritdoc/>
    public override void Check(NodeCheck check)
    {
        check.RequireTool($"with.{ToolKey.Name}", ToolKey.Text(check.Definition), mayBeServer: false);
        if (ArgumentsKey.Json(check.Definition) is not { } arguments) return;
        var path = $"with.{ArgumentsKey.Name}";
        var templates = 0;
        Check(path, arguments, 1);
        if (templates > MostTemplates) check.Report(path, $"There are {templates} templates; the arguments of a tool have at most {MostTemplates}.");

        void Check(string at, JsonElement value, int depth)
        {
            if (depth > MaxDepth)
            {
                check.Report(at, $"The arguments of a tool are nested at most {MaxDepth} levels deep.");
                return;
            }

            switch (value.ValueKind)
            {
                case JsonValueKind.String when TextTemplate.IsTemplate(value.GetString()!):
                    templates++;
                    check.RequireTemplate(at, value.GetString());
                    break;
                case JsonValueKind.Object:
                    foreach (var member in value.EnumerateObject()) Check($"{at}.{Naming.Show(member.Name)}", member.Value, depth + 1);
                    break;
                case JsonValueKind.Array:
                    foreach (var (index, item) in value.EnumerateArray().Index()) Check($"{at}[{index}]", item, depth + 1);
                    break;
            }
        }
    }

    /// <inheritdoc/>
    public override void Start(NodeContext node)
    {
        // After a crash the call is made again by itself. What has failed is called again when the node is to try once more.
        if (node.Node.ToolCalls is [.., var last])
        {
            if (last.Status == ToolCallStatus.Failed) node.CallAgain();
            return;
        }

        var definition = node.Node.Definition;
        var tool = ToolKey.Text(definition)!;
        var arguments = Write(node.Node, ArgumentsKey.Json(definition), _tools.MaxLength);
        node.Call(tool, arguments, Approvals.Stricter(_tools.RulesOf(tool).Approval, ApprovalKey.Text(definition)));
    }

    /// <inheritdoc/>
    public override NodeWork? Work(NodeView node) => node.ToolCalls is [.., { Status: ToolCallStatus.Running }] ? new ToolWork(node.Id) : null;

    /// <inheritdoc/>
    public override void Finished(NodeContext node)
    {
        node.Say(node.Node.ToolCalls[^1].Result ?? string.Empty);
        node.Complete();
    }

    // The arguments with the values of the session in them.
    private static JsonElement Write(NodeView node, JsonElement? arguments, int most)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Writing))
        {
            if (arguments is { } given)
            {
                Write(json, node, given, most);
            }
            else
            {
                json.WriteStartObject();
                json.WriteEndObject();
            }
        }

        if (Encoding.UTF8.GetCharCount(buffer.WrittenSpan) > most) throw TooLong(most);
        try
        {
            using var document = JsonDocument.Parse(buffer.WrittenMemory, Reading);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            throw new TemplateException($"The arguments of the tool are nested more than {RequestedCalls.MaxDepth} levels deep.");
        }
    }

    private static void Write(Utf8JsonWriter json, NodeView node, JsonElement value, int most)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                WriteText(json, node, value.GetString()!);

                // A character has at most six bytes as JSON. What is too long anyway is not made any longer.
                if (json.BytesCommitted + json.BytesPending > 6L * most) throw TooLong(most);
                break;
            case JsonValueKind.Object:
                json.WriteStartObject();
                foreach (var member in value.EnumerateObject())
                {
                    json.WritePropertyName(member.Name);
                    Write(json, node, member.Value, most);
                }

                json.WriteEndObject();
                break;
            case JsonValueKind.Array:
                json.WriteStartArray();
                foreach (var item in value.EnumerateArray()) Write(json, node, item, most);
                json.WriteEndArray();
                break;
            default:
                value.WriteTo(json);
                break;
        }
    }

    private static TemplateException TooLong(int most) => new($"The arguments of the tool have more than {most} characters, which is all that is taken.");

    // A text that is one value and nothing else keeps what the value is: a number, a list, an object.
    private static void WriteText(Utf8JsonWriter json, NodeView node, string text)
    {
        var trimmed = text.Trim();
        if (trimmed.StartsWith("{{", StringComparison.Ordinal) && trimmed.IndexOf("}}", StringComparison.Ordinal) == trimmed.Length - 2 && Expression.Parse(trimmed[2..^2]).Expression is not null)
        {
            WriteValue(json, node.Evaluate(trimmed[2..^2]));
            return;
        }

        json.WriteStringValue(node.Render(text));
    }

    private static void WriteValue(Utf8JsonWriter json, object? value)
    {
        switch (value)
        {
            case null: json.WriteNullValue(); break;
            case bool truth: json.WriteBooleanValue(truth); break;
            case decimal number: json.WriteNumberValue(number); break;
            case JsonElement element: element.WriteTo(json); break;
            case IReadOnlyList<string> list:
                json.WriteStartArray();
                foreach (var item in list) json.WriteStringValue(item);
                json.WriteEndArray();
                break;
            default: json.WriteStringValue(TemplateValue.Text(value)); break;
        }
    }
}
