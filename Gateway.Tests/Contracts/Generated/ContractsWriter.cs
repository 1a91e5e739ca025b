using System.Collections;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using Gateway.Contracts;

namespace Gateway.Tests.Contracts.Generated;

/// <summary>Writes the contract as TypeScript: names, one interface per record, and the union of all events.</summary>
/// <remarks>It reads what the serializer reads, so that a member cannot be called one thing here and another on the wire.</remarks>
internal sealed partial class ContractsWriter
{
    private readonly StringBuilder _text = new();
    private readonly HashSet<Type> _written = [];

    public static string Write() => new ContractsWriter().WriteAll();

    private string WriteAll()
    {
        _text.Append("// Written from the C# contracts by Gateway.Tests; a test fails when it is out of date. Do not edit.\n\n");
        foreach (var names in ContractMembers.Names) WriteNames(names);

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
        WriteRecord(typeof(PromptPage));
        WriteRecord(typeof(WatchInbox));
        WriteRecord(typeof(InboxFrame));
        WriteReplies();
        return _text.ToString();
    }

    private void WriteNames(Type names)
    {
        Comment(ContractDocs.Of(names), "");
        Line($"export type {names.Name} =");
        var constants = ContractMembers.Constants(names);
        foreach (var constant in constants) Line($"  | '{constant.GetRawConstantValue()}'{(constant == constants[^1] ? ";\n" : "")}");
    }

    private void WriteEnvelope()
    {
        Line("/** One event with its payload: a whole frame on `/ws`. Switch on `event`, and the payload has its type. */");
        Line("export interface EventFrame<E extends keyof EventData> {");
        Line("  event: E;");
        foreach (var property in ContractMembers.Of(typeof(SessionEvent<TokenStream>)).Where(property => property.Name is not ("event" or "data")))
        {
            Comment(ContractDocs.Of(typeof(SessionEvent), property.Name), "  ");
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
            foreach (var property in ContractMembers.Of(typeof(ReplyFrame)).Where(property => property.Name != "event")) Line($"  {Key(property.Name)}{(property.IsRequired ? "" : "?")}: {TypeOf(typeof(ReplyFrame), property)};");
            Line("}\n");
        }

        Comment(ContractDocs.Of(typeof(SnapshotFrame)), "");
        Line("export interface SnapshotFrame {");
        Line($"  event: '{ReplyNames.Snapshot}';");
        foreach (var property in ContractMembers.Of(typeof(SnapshotFrame)).Where(property => property.Name != "event")) Line($"  {Key(property.Name)}: {TypeOf(typeof(SnapshotFrame), property)};");
        Line("}\n");
        Line("/** Every frame that the gateway sends on `/ws`. An `error` with a `seq` is an event of a session, one without answers a command. */");
        Line("export type GatewayFrame = GatewayEvent | AckFrame | ErrorReply | PongFrame | SnapshotFrame | InboxFrame;");
    }

    // Records that a record holds come before it.
    private void WriteRecord(Type record)
    {
        if (!_written.Add(record)) return;
        var properties = ContractMembers.Of(record);
        foreach (var property in properties)
        {
            foreach (var inner in RecordsIn(property.PropertyType)) WriteRecord(inner);
        }

        Comment(ContractDocs.Of(record), "");
        Line($"export interface {record.Name} {{");
        foreach (var property in properties)
        {
            Comment(ContractDocs.Of(record, property.Name), "  ");
            Line($"  {Key(property.Name)}{(property.IsRequired ? "" : "?")}: {TypeOf(record, property)};");
        }

        Line("}\n");
    }

    private static string TypeOf(Type record, JsonPropertyInfo property)
    {
        if (ContractMembers.NamesOf(record, property.Name) is { } names) return ContractMembers.IsOpen(record, property.Name) ? $"{names.Name} | (string & {{}})" : names.Name;
        if (property.CustomConverter is TimeTextConverter) return "string | number";
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
        return ContractMembers.IsRecord(type) ? type.Name : throw new InvalidOperationException($"The writer has no TypeScript for {type}.");
    }

    private static IEnumerable<Type> RecordsIn(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        type = Dictionary(type) ?? Element(type) ?? type;
        return ContractMembers.IsRecord(type) ? [type] : [];
    }

    private static Type? Dictionary(Type type) =>
        type is { IsGenericType: true } && type.GetGenericTypeDefinition() is var open && (open == typeof(IReadOnlyDictionary<,>) || open == typeof(Dictionary<,>)) ? type.GetGenericArguments()[1] : null;

    private static Type? Element(Type type) =>
        type != typeof(string) && type.IsGenericType && typeof(IEnumerable).IsAssignableFrom(type) ? type.GetGenericArguments()[0] : null;

    private static string Key(string name) => Plain().IsMatch(name) ? name : $"'{name}'";

    private void Line(string line) => _text.Append(line).Append('\n');

    private void Comment(string? words, string indent)
    {
        if (words is not null) Line($"{indent}/** {words} */");
    }

    [GeneratedRegex("^[a-z_]+$")]
    private static partial Regex Plain();
}
