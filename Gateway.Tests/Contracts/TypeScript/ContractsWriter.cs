using System.Collections;
using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Gateway.Contracts;

namespace Gateway.Tests.Contracts.TypeScript;

/// <summary>Writes the contract as TypeScript: names, one interface per record, and the union of all events.</summary>
/// <remarks>It reads what the serializer reads, so that a member cannot be called one thing here and another on the wire.</remarks>
internal sealed partial class ContractsWriter
{
    // Members whose text is one of a list of names.
    private static readonly Dictionary<(Type Record, string Member), Type> s_names = new()
    {
        [(typeof(NodeStateChange), "status")] = typeof(NodeStatus),
        [(typeof(NodeSnapshot), "status")] = typeof(NodeStatus),
        [(typeof(ExecutionPaused), "reason")] = typeof(PauseReason),
        [(typeof(ExecutionCompleted), "status")] = typeof(SessionStatus),
        [(typeof(SessionSnapshot), "status")] = typeof(SessionStatus),
        [(typeof(SessionSnapshot), "pause_reason")] = typeof(PauseReason),
        [(typeof(SessionSummary), "status")] = typeof(SessionStatus),
        [(typeof(ExecutionError), "code")] = typeof(ErrorCode),
        [(typeof(ReplyData), "code")] = typeof(ErrorCode),
        [(typeof(SessionSnapshot), "error_code")] = typeof(ErrorCode),
    };

    private readonly StringBuilder _text = new();
    private readonly HashSet<Type> _written = [];
    private readonly Dictionary<string, string> _summaries = Summaries();

    /// <summary>The names of members that the table gives a list of names, and that no record has.</summary>
    public static IEnumerable<string> UnknownNames() =>
        s_names.Keys.Where(key => TypeOf(key.Record).Properties.All(property => property.Name != key.Member)).Select(key => $"{key.Record.Name}.{key.Member}");

    public static string Write() => new ContractsWriter().WriteAll();

    private string WriteAll()
    {
        _text.Append("// Written from the C# contracts by Gateway.Tests; a test fails when it is out of date. Do not edit.\n\n");
        foreach (var names in s_names.Values.Distinct().OrderBy(type => type.Name, StringComparer.Ordinal)) WriteNames(names);

        foreach (var kind in SessionEvents.All) WriteRecord(kind.DataType);
        Line("/** The payload of each event, by the event's name. */");
        Line("export interface EventData {");
        foreach (var kind in SessionEvents.All) Line($"  {Key(kind.Name)}: {kind.DataType.Name};");
        Line("}\n");
        WriteEnvelope();

        foreach (var command in CommandTable.All.Where(command => command.Data is not null)) WriteRecord(command.Data!.Type);
        Line("/** The data of each command, by the command's name. */");
        Line("export interface CommandData {");
        foreach (var command in CommandTable.All) Line($"  {Key(command.Name)}: {command.Data?.Type.Name ?? "undefined"};");
        Line("}\n");
        Line("/** A frame that a client sends on `/ws`. With an `id` it is answered. */");
        Line("export type GatewayCommand = { [C in keyof CommandData]: { cmd: C; id?: string; data?: CommandData[C] } }[keyof CommandData];\n");

        WriteRecord(typeof(SessionAck));
        WriteRecord(typeof(ReplyData));
        WriteRecord(typeof(SessionSnapshot));
        WriteRecord(typeof(SessionPage));
        WriteReplies();
        return _text.ToString();
    }

    private void WriteNames(Type names)
    {
        Comment($"T:{names.FullName}", "");
        Line($"export type {names.Name} =");
        var constants = names.GetFields(BindingFlags.Public | BindingFlags.Static).Where(field => field.IsLiteral).ToList();
        foreach (var constant in constants) Line($"  | '{constant.GetRawConstantValue()}'{(constant == constants[^1] ? ";\n" : "")}");
    }

    private void WriteEnvelope()
    {
        Line("/** One event with its payload: a whole frame on `/ws`. Switch on `event`, and the payload has its type. */");
        Line("export interface EventFrame<E extends keyof EventData> {");
        Line("  event: E;");
        foreach (var property in Members(typeof(SessionEvent<TokenStream>)).Where(property => property.Name is not ("event" or "data")))
        {
            Comment($"P:{typeof(SessionEvent).FullName}.{MemberOf(typeof(SessionEvent), property)}", "  ");
            Line($"  {Key(property.Name)}{(property.IsRequired ? "" : "?")}: {TypeOf(typeof(SessionEvent), property)};");
        }

        Line("  data: EventData[E];");
        Line("}\n");
        Line("/** Every event of a session. */");
        Line("export type GatewayEvent = { [E in keyof EventData]: EventFrame<E> }[keyof EventData];\n");
    }

    private void WriteReplies()
    {
        foreach (var (name, reply) in new[] { ("AckFrame", ReplyNames.Ack), ("ErrorReply", ReplyNames.Error), ("PongFrame", ReplyNames.Pong) })
        {
            Line($"export interface {name} {{");
            Line($"  event: '{reply}';");
            foreach (var property in Members(typeof(ReplyFrame)).Where(property => property.Name != "event")) Line($"  {Key(property.Name)}{(property.IsRequired ? "" : "?")}: {TypeOf(typeof(ReplyFrame), property)};");
            Line("}\n");
        }

        Comment($"T:{typeof(SnapshotFrame).FullName}", "");
        Line("export interface SnapshotFrame {");
        Line($"  event: '{ReplyNames.Snapshot}';");
        foreach (var property in Members(typeof(SnapshotFrame)).Where(property => property.Name != "event")) Line($"  {Key(property.Name)}: {TypeOf(typeof(SnapshotFrame), property)};");
        Line("}\n");
        Line("/** Every frame that the gateway sends on `/ws`. An `error` with a `seq` is an event of a session, one without answers a command. */");
        Line("export type GatewayFrame = GatewayEvent | AckFrame | ErrorReply | PongFrame | SnapshotFrame;");
    }

    // Records that a record holds come before it.
    private void WriteRecord(Type record)
    {
        if (!_written.Add(record)) return;
        var properties = Members(record);
        foreach (var property in properties)
        {
            foreach (var inner in RecordsIn(property.PropertyType)) WriteRecord(inner);
        }

        Comment($"T:{record.FullName}", "");
        Line($"export interface {record.Name} {{");
        foreach (var property in properties)
        {
            Comment($"P:{record.FullName}.{MemberOf(record, property)}", "  ");
            Line($"  {Key(property.Name)}{(property.IsRequired ? "" : "?")}: {TypeOf(record, property)};");
        }

        Line("}\n");
    }

    private static string TypeOf(Type record, JsonPropertyInfo property)
    {
        if (s_names.TryGetValue((record, property.Name), out var names)) return names.Name;
        return property.CustomConverter is StringOrListConverter ? "string | string[]" : TypeScript(property.PropertyType);
    }

    private static string TypeScript(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(string) || type == typeof(DateTime)) return "string";
        if (type == typeof(bool)) return "boolean";
        if (type == typeof(int) || type == typeof(long) || type == typeof(decimal) || type == typeof(double)) return "number";
        if (type == typeof(JsonElement)) return "unknown";
        if (Dictionary(type) is { } value) return $"Record<string, {TypeScript(value)}>";
        if (Element(type) is { } element) return $"{TypeScript(element)}[]";
        return type.Namespace == typeof(SessionEvent).Namespace ? type.Name : throw new InvalidOperationException($"The writer has no TypeScript for {type}.");
    }

    private static IEnumerable<Type> RecordsIn(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        type = Dictionary(type) ?? Element(type) ?? type;
        return type is { IsClass: true } && type.Namespace == typeof(SessionEvent).Namespace ? [type] : [];
    }

    private static Type? Dictionary(Type type) =>
        type is { IsGenericType: true } && type.GetGenericTypeDefinition() is var open && (open == typeof(IReadOnlyDictionary<,>) || open == typeof(Dictionary<,>)) ? type.GetGenericArguments()[1] : null;

    private static Type? Element(Type type) =>
        type != typeof(string) && type.IsGenericType && typeof(IEnumerable).IsAssignableFrom(type) ? type.GetGenericArguments()[0] : null;

    private static List<JsonPropertyInfo> Members(Type record) => [.. TypeOf(record).Properties.Where(property => property.Get is not null)];

    private static JsonTypeInfo TypeOf(Type record) =>
        ContractsJson.Wire.Options.GetTypeInfo(record);

    private static string MemberOf(Type record, JsonPropertyInfo property) => record.GetProperties().Single(member => JsonNamingPolicy.SnakeCaseLower.ConvertName(member.Name) == property.Name).Name;

    private static string Key(string name) => Plain().IsMatch(name) ? name : $"'{name}'";

    private void Line(string line) => _text.Append(line).Append('\n');

    private void Comment(string member, string indent)
    {
        if (_summaries.TryGetValue(member, out var summary)) Line($"{indent}/** {summary} */");
    }

    private static Dictionary<string, string> Summaries()
    {
        var file = Path.Combine(AppContext.BaseDirectory, "Gateway.Contracts.xml");
        return XDocument.Load(file).Descendants("member")
            .Where(member => member.Element("summary") is not null)
            .ToDictionary(member => (string)member.Attribute("name")!, member => Words(member.Element("summary")!));
    }

    private static string Words(XElement summary) =>
        Spaces().Replace(string.Concat(summary.Nodes().Select(node => node switch
        {
            XText text => text.Value,
            XElement { Name.LocalName: "see" } see => $"`{((string?)see.Attribute("cref") ?? (string?)see.Attribute("langword"))!.Split('.', ':')[^1]}`",
            XElement element => $"`{element.Value}`",
            _ => "",
        })), " ").Trim();

    [GeneratedRegex("^[a-z_]+$")]
    private static partial Regex Plain();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
