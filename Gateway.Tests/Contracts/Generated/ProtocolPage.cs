using System.Globalization;
using System.Net;
using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Gateway.Contracts;
using Gateway.Tests.Infrastructure;
using Markdig;
using Markdig.Extensions.AutoIdentifiers;

namespace Gateway.Tests.Contracts.Generated;

/// <summary>Writes the protocol as a page to read: its text, and after it every message in full.</summary>
/// <remarks>It has no script. What it says of messages comes from the schemas that programs read.</remarks>
internal sealed partial class ProtocolPage
{
    private const string At = "#";

    private static readonly MarkdownPipeline s_markdown = new MarkdownPipelineBuilder().UsePipeTables().UseAutoIdentifiers(AutoIdentifierOptions.GitHub).Build();
    private static readonly JsonSerializerOptions s_indented = new() { WriteIndented = true, NewLine = "\n", Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly StringBuilder _text = new();
    private readonly JsonObject _schemas = JsonSchemas.All(At);

    public static string Write() => new ProtocolPage().WriteAll();

    private string WriteAll()
    {
        WriteReference();
        var main = Protocol() + _text;
        return $"""
            <!doctype html>
            <!-- Written from PROTOCOL.md and the C# contracts by Gateway.Tests; a test fails when it is out of date. Do not edit. -->
            <html lang="en">
            <head>
              <meta charset="utf-8">
              <meta name="viewport" content="width=device-width, initial-scale=1">
              <meta name="color-scheme" content="light dark">
              <title>The Gateway's protocol</title>
              <link rel="icon" href="data:,">
              <link rel="stylesheet" href="protocol.css">
            </head>
            <body>
            <a class="skip" href="#main">To the text</a>
            <header>
            <p><a href="../">Gateway</a></p>
            <nav aria-label="Contents">
            {Contents(main)}</nav>
            <p>For programs: <a href="../asyncapi.json">asyncapi.json</a>. Over HTTP: <a href="../scalar">/scalar</a>.</p>
            </header>
            <main id="main">
            {main}</main>
            </body>
            </html>

            """;
    }

    private static string Protocol()
    {
        var html = Markdown.ToHtml(File.ReadAllText(Path.Combine(Repository.Root, "Gateway.Contracts", "PROTOCOL.md")), s_markdown);
        return Comments().Replace(html, "").Replace("<th>", "<th scope=\"col\">", StringComparison.Ordinal);
    }

    // The chapters, and under the last one the messages.
    private static string Contents(string main)
    {
        var list = new StringBuilder("<ul>\n");
        foreach (Match heading in Headings().Matches(main)) list.Append(CultureInfo.InvariantCulture, $"<li class=\"level{heading.Groups[1].Value}\"><a href=\"#{heading.Groups[2].Value}\">{heading.Groups[3].Value}</a></li>\n");
        return list.Append("</ul>\n").ToString();
    }

    private void WriteReference()
    {
        Line("<h2 id=\"messages\">Messages the gateway sends</h2>");
        foreach (var kind in SessionEvents.All) WriteMessage(JsonSchemas.NameOf(kind), kind.Name, kind.DataType.Name);
        WriteMessage(JsonSchemas.Ack, ReplyNames.Ack);
        WriteMessage(JsonSchemas.Refusal, "error, to a command");
        WriteMessage(JsonSchemas.Pong, ReplyNames.Pong);
        WriteMessage(JsonSchemas.Snapshot, ReplyNames.Snapshot);
        WriteMessage(JsonSchemas.Inbox, "inbox");

        Line("<h2 id=\"taken\">Messages it takes</h2>");
        foreach (var command in CommandTable.All) WriteMessage(JsonSchemas.NameOf(command), command.Name, command.Data?.Type.Name);

        Line("<h2 id=\"hub\">The hub's methods</h2>");
        Table(["method", "comes to", "meaning"], HubSchemas.Methods.Concat(HubSchemas.Streams).Select(method => (string[])[Code(Signature(method)), Result(method), Words(ContractDocs.Of(method))]));

        Line("<h2 id=\"parts\">What messages are made of</h2>");
        var shown = SessionEvents.All.Select(kind => kind.DataType.Name).Concat(CommandTable.All.Where(command => command.Data is not null).Select(command => command.Data!.Type.Name)).ToHashSet();
        foreach (var (name, schema) in _schemas.Where(schema => !shown.Contains(schema.Key) && schema.Value!["properties"] is not null && !FrameExamples.All.ContainsKey(schema.Key)))
        {
            Line($"<h3 id=\"{name}\">{name}</h3>");
            Line($"<p>{Words(Description(schema!))}</p>");
            WriteMembers(schema!.AsObject());
        }

        Line("<h2 id=\"names\">Names</h2>");
        foreach (var names in ContractMembers.Names)
        {
            Line($"<h3 id=\"{names.Name}\">{names.Name}</h3>");
            Line($"<p>{Words(ContractDocs.Of(names))}</p>");
            Table(["name", "meaning"], ContractMembers.Constants(names).Select(name => (string[])[Code((string)name.GetRawConstantValue()!), Words(ContractDocs.Of(name))]));
        }
    }

    // A frame with its payload, which has the frame's place in the text.
    private void WriteMessage(string frame, string title, string? payload = null)
    {
        Line($"<h3 id=\"{payload ?? frame}\">{Encode(title)}</h3>");
        Line($"<p>{Words(Description(_schemas[frame]!))}</p>");
        if (payload is not null) WriteMembers(_schemas[payload]!.AsObject());
        else WriteMembers(_schemas[frame]!["properties"]!["data"] is JsonObject data && data["properties"] is not null ? data : _schemas[frame]!.AsObject());
        Line($"<pre><code>{Encode(FrameExamples.All[frame].ToJsonString(s_indented))}</code></pre>");
    }

    private void WriteMembers(JsonObject schema)
    {
        var required = (schema["required"]?.AsArray() ?? []).Select(name => name!.GetValue<string>()).ToHashSet();
        if (schema["properties"] is not JsonObject { Count: > 0 } members) return;
        Table(
            ["member", "type", "meaning"],
            members.Select(member => (string[])[Code(member.Key) + (required.Contains(member.Key) ? "" : "?"), Type(member.Value!), Words(Description(member.Value!))]));
    }

    private void Table(string[] head, IEnumerable<string[]> rows)
    {
        Line("<table>");
        Line($"<thead><tr>{string.Concat(head.Select(cell => $"<th scope=\"col\">{cell}</th>"))}</tr></thead>");
        Line("<tbody>");
        foreach (var row in rows) Line($"<tr><th scope=\"row\">{row[0]}</th>{string.Concat(row.Skip(1).Select(cell => $"<td>{cell}</td>"))}</tr>");
        Line("</tbody>");
        Line("</table>");
    }

    private static string? Description(JsonNode schema) => schema["description"]?.GetValue<string>();

    private static string Type(JsonNode schema)
    {
        if (schema["$ref"]?.GetValue<string>() is { } reference) return $"<a href=\"{reference}\">{reference[At.Length..]}</a>";
        if (schema["allOf"] is JsonArray parts) return string.Join(" and ", parts.Select(part => Type(part!)));
        if (schema["anyOf"] is JsonArray choices) return string.Join(" or ", choices.Select(choice => Type(choice!)));
        if (schema["const"] is { } constant) return Code(constant.ToJsonString());
        if (schema["items"] is JsonObject items) return $"list of {Type(items)}";
        if (schema["additionalProperties"] is JsonObject values) return $"{Type(values)} by id";
        if (schema["type"] is JsonArray types) return string.Join(" or ", types.Select(type => type!.GetValue<string>()));
        return schema["format"]?.GetValue<string>() == "date-time" ? "time" : schema["type"]?.GetValue<string>() ?? "JSON";
    }

    private static string Signature(MethodInfo method) => $"{method.Name}({string.Join(", ", method.GetParameters().Select(parameter => $"{HubSchemas.TypeName(parameter.ParameterType)} {parameter.Name}"))})";

    private static string Result(MethodInfo method) => HubSchemas.ResultOf(method) is not { } result ? "" : ContractMembers.IsRecord(result) ? $"<a href=\"#{result.Name}\">{result.Name}</a>" : HubSchemas.TypeName(result);

    private static string Code(string text) => $"<code>{Encode(text)}</code>";

    // Comments of the contract have code between backticks, and nothing else of Markdown.
    private static string Words(string? text) => Quoted().Replace(Encode(text ?? ""), "<code>$1</code>");

    private static string Encode(string text) => WebUtility.HtmlEncode(text);

    private void Line(string line) => _text.Append(line).Append('\n');

    [GeneratedRegex("<!--.*?-->\n?", RegexOptions.Singleline)]
    private static partial Regex Comments();

    [GeneratedRegex("<h([23]) id=\"([^\"]+)\">(.*?)</h")]
    private static partial Regex Headings();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Quoted();
}
