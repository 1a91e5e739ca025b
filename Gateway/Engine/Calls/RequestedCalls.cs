using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Gateway.Contracts;
using Gateway.Tools;
using Microsoft.Extensions.AI;

namespace Gateway.Engine.Calls;

/// <summary>Reads the calls of tools that a model wants, which may be written in any way.</summary>
/// <param name="offered">The tools that it was told of.</param>
/// <param name="tools">Says what the settings say of them.</param>
internal sealed class RequestedCalls(IReadOnlyList<AIFunctionDeclaration> offered, IToolCatalog tools)
{
    /// <summary>The calls of one answer that are taken; the model is not shown that it asked for more.</summary>
    public const int Most = 16;

    /// <summary>How deep arguments may be nested: events nest them some levels deeper, and JSON of more than 64 levels is not read back.</summary>
    public const int MaxDepth = 32;

    private const int LongestName = 128;

    private static readonly JsonWriterOptions Writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = MaxDepth };
    private static readonly JsonDocumentOptions Reading = new() { MaxDepth = MaxDepth };

    /// <summary>The call; one that cannot be made has a problem, which the model is told.</summary>
    public RequestedCall Read(FunctionCallContent call)
    {
        var name = ToolText.Keep(call.Name, LongestName).Text;
        var (json, text) = Arguments(call);
        var (kept, length) = ToolText.Keep(text, tools.MaxLength);
        var isKnown = offered.Any(tool => tool.Name == call.Name);
        var problem = !isKnown ? $"There is no tool '{ToolText.Note(name, 64)}' here; there are {string.Join(", ", offered.Select(tool => tool.Name))}."
            : length is not null ? $"The arguments have {length} characters, and at most {tools.MaxLength} are taken."
            : json is null ? $"The arguments are not a JSON object of at most {MaxDepth} levels."
            : null;
        var arguments = json is not null && length is null ? json.Value : JsonSerializer.SerializeToElement(kept);
        return new RequestedCall(name, arguments, isKnown ? tools.RulesOf(name).Approval : ToolApproval.Never, problem, length);
    }

    // As JSON, where they are that; and as they are written.
    private static (JsonElement? Json, string Text) Arguments(FunctionCallContent call)
    {
        if (call.Exception is not null) return (null, call.RawRepresentation as string ?? call.Exception.Message);
        try
        {
            var buffer = new ArrayBufferWriter<byte>();
            using (var json = new Utf8JsonWriter(buffer, Writing))
            {
                json.WriteStartObject();
                foreach (var (name, value) in call.Arguments ?? new Dictionary<string, object?>())
                {
                    json.WritePropertyName(name);
                    if (value is null) json.WriteNullValue();
                    else if (value is JsonElement element) element.WriteTo(json);
                    else JsonSerializer.Serialize(json, value, AIJsonUtilities.DefaultOptions.GetTypeInfo(value.GetType()));
                }

                json.WriteEndObject();
            }

            // Read back, so that what is logged is what the tool is given.
            using var document = JsonDocument.Parse(buffer.WrittenMemory, Reading);
            var read = document.RootElement.Clone();
            return (read, read.GetRawText());
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or NotSupportedException or ArgumentException)
        {
            return (null, exception.Message);
        }
    }
}
