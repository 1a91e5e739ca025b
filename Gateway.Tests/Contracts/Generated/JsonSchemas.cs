using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using Gateway.Contracts;

namespace Gateway.Tests.Contracts.Generated;

/// <summary>The schemas of every record and every frame, by name, from what the serializer itself exports.</summary>
/// <remarks>
/// In draft 7 of JSON Schema, which AsyncAPI builds on and validators of all languages know. Objects are open: a member that came later
/// is no mistake.
/// </remarks>
internal sealed class JsonSchemas
{
    private const string Times = @"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{7}Z$";

    // Which members of the one record each reply has.
    private static readonly (string Frame, string Reply, string[] Always, string[] Sometimes)[] s_replies =
    [
        (Ack, ReplyNames.Ack, ["session_id"], ["seq"]),
        (Refusal, ReplyNames.Error, ["error", "code"], ["session_id", "cmd"]),
        (Pong, ReplyNames.Pong, [], []),
    ];

    private readonly string _at;
    private readonly JsonObject _all = [];
    private readonly HashSet<Type> _begun = [];

    private JsonSchemas(string at) => _at = at;

    /// <summary>The names of the frames that are no event and no command.</summary>
    public const string Ack = "AckFrame", Refusal = "ErrorReply", Pong = "PongFrame", Snapshot = "SnapshotFrame", Inbox = nameof(InboxFrame);

    /// <summary>The schema of any event, of any frame that the gateway sends on <c>/ws</c>, and of any that it takes.</summary>
    public const string AnyEvent = "GatewayEvent", AnyFrame = "GatewayFrame", AnyCommand = "GatewayCommand";

    /// <summary>The name of the schema of an event's frame.</summary>
    public static string NameOf(EventKind kind) => kind.DataType.Name + "Event";

    /// <summary>The name of the schema of a command's frame.</summary>
    public static string NameOf(CommandInfo command) => string.Concat(command.Name.Split('_').Select(word => char.ToUpperInvariant(word[0]) + word[1..])) + "Command";

    /// <summary>All of them.</summary>
    /// <param name="at">Where they stand in their document, such as <c>#/definitions/</c>.</param>
    public static JsonObject All(string at)
    {
        var schemas = new JsonSchemas(at);
        schemas.AddAll();
        return schemas._all;
    }

    /// <summary>The file of its own: whatever travels on <c>/ws</c> fits its root.</summary>
    public static string Write() => GeneratedJson.Write(new JsonObject
    {
        ["$schema"] = "http://json-schema.org/draft-07/schema#",
        ["$comment"] = "Written from the C# contracts by Gateway.Tests; a test fails when it is out of date. Do not edit.",
        ["title"] = "Every frame of the Gateway",
        ["description"] = "A frame on /ws, in either direction. Each frame has a definition of its own, and so have those of the SignalR hub in JSON.",
        ["anyOf"] = new JsonArray(new JsonObject { ["$ref"] = "#/definitions/" + AnyFrame }, new JsonObject { ["$ref"] = "#/definitions/" + AnyCommand }),
        ["definitions"] = All("#/definitions/"),
    });

    private void AddAll()
    {
        foreach (var names in ContractMembers.Names) AddNames(names);
        foreach (var kind in SessionEvents.All) AddRecord(kind.DataType);
        foreach (var kind in SessionEvents.All) AddEvent(kind);
        AddAny(AnyEvent, "Any event of a session.", SessionEvents.All.Select(NameOf));
        AddRecord(typeof(SessionSnapshot));
        foreach (var reply in s_replies) AddReply(reply.Frame, reply.Reply, reply.Always, reply.Sometimes);
        AddSnapshotFrame();
        AddRecord(typeof(InboxFrame));
        AddAny(AnyFrame, "Any frame that the gateway sends on `/ws`. An `error` with a `seq` is an event of a session, one without is a reply.", [.. SessionEvents.All.Select(NameOf), .. s_replies.Select(reply => reply.Frame), Snapshot, Inbox]);
        foreach (var command in CommandTable.All.Where(command => command.Data is not null)) AddRecord(command.Data!.Type);
        foreach (var command in CommandTable.All) AddCommand(command);
        AddAny(AnyCommand, "Any frame that the gateway takes on `/ws`.", CommandTable.All.Select(NameOf));
        AddRecord(typeof(SessionAck));
        AddRecord(typeof(WatchInbox));
        foreach (var (name, schema) in HubSchemas.All(_at)) _all.Add(name, schema);
    }

    private void AddNames(Type names) => _all.Add(names.Name, new JsonObject
    {
        ["description"] = ContractDocs.Of(names),
        ["type"] = "string",
        ["enum"] = new JsonArray([.. ContractMembers.Constants(names).Select(name => (JsonNode)(string)name.GetRawConstantValue()!)]),
    });

    // Records that a record holds come before it.
    private void AddRecord(Type record)
    {
        if (!_begun.Add(record)) return;
        var inner = new List<Type>();
        var schema = Export(record, inner);
        foreach (var type in inner) AddRecord(type);
        schema.Insert(0, "description", ContractDocs.Of(record));
        _all.Add(record.Name, schema);
    }

    private void AddEvent(EventKind kind)
    {
        var schema = Export(kind.JsonType.Type, []);
        var members = schema["properties"]!.AsObject();
        var required = schema["required"]!.AsArray();
        members["event"] = new JsonObject { ["const"] = kind.Name };
        required.Insert(0, "event");

        // An event about a node says so outside and inside.
        var node = ContractMembers.Of(kind.DataType).FirstOrDefault(member => member.Name == "node_id");
        if (node is null) members.Remove("node_id");
        if (node?.IsRequired == true) required.Add("node_id");
        schema.Insert(0, "description", ContractDocs.Of(kind.DataType));
        _all.Add(NameOf(kind), schema);
    }

    private void AddReply(string name, string reply, string[] always, string[] sometimes)
    {
        var frame = Export(typeof(ReplyFrame), []);
        var all = Export(typeof(ReplyData), [])["properties"]!.AsObject();
        var members = frame["properties"]!.AsObject();
        members["event"] = new JsonObject { ["const"] = reply };
        members["data"] = new JsonObject
        {
            ["type"] = "object",
            ["properties"] = new JsonObject(always.Concat(sometimes).Select(member => KeyValuePair.Create(member, (JsonNode?)all[member]!.DeepClone()))),
            ["required"] = Texts(always),
        };
        if (reply == ReplyNames.Ack) frame["required"]!.AsArray().Add("id");
        if (reply == ReplyNames.Error) frame["not"] = new JsonObject { ["required"] = Texts(["seq"]) };
        var words = ContractDocs.Of(typeof(ReplyNames).GetField(ContractMembers.Constants(typeof(ReplyNames)).Single(constant => (string)constant.GetRawConstantValue()! == reply).Name)!);
        frame.Insert(0, "description", words);
        _all.Add(name, frame);
    }

    private void AddSnapshotFrame()
    {
        var frame = Export(typeof(SnapshotFrame), []);
        frame["properties"]!["event"] = new JsonObject { ["const"] = ReplyNames.Snapshot };
        frame.Insert(0, "description", ContractDocs.Of(typeof(SnapshotFrame)));
        _all.Add(Snapshot, frame);
    }

    private void AddCommand(CommandInfo command)
    {
        var members = new JsonObject
        {
            ["cmd"] = new JsonObject { ["const"] = command.Name },
            ["id"] = new JsonObject { ["description"] = "Comes back in the answer; without it only a refusal is answered.", ["type"] = "string", ["maxLength"] = 128 },
        };
        if (command.Data is not null) members["data"] = Reference(command.Data.Type.Name);
        _all.Add(NameOf(command), new JsonObject
        {
            ["description"] = ContractDocs.Of(CommandProperty.Of(command)),
            ["type"] = "object",
            ["properties"] = members,
            ["required"] = Texts(["cmd"]),
        });
    }

    private void AddAny(string name, string words, IEnumerable<string> of) =>
        _all.Add(name, new JsonObject { ["description"] = words, ["anyOf"] = new JsonArray([.. of.Select(Reference)]) });

    private JsonObject Export(Type record, List<Type> inner)
    {
        var options = new JsonSchemaExporterOptions
        {
            TreatNullObliviousAsNonNullable = true,
            TransformSchemaNode = (context, node) => Transform(record, inner, context, node),
        };
        return ContractsJson.Wire.Options.GetJsonSchemaAsNode(record, options).AsObject();
    }

    private JsonObject Transform(Type record, List<Type> inner, JsonSchemaExporterContext context, JsonNode node)
    {
        var schema = Shape(record, inner, context, node);
        if (context.PropertyInfo is not { } property || !ContractMembers.Of(record).Any(member => member.Name == property.Name) || context.Path.Length != 2 || ContractDocs.Of(record, property.Name) is not { } words) return schema;
        if (schema.ContainsKey("$ref")) schema = new JsonObject { ["allOf"] = new JsonArray(schema) };
        schema.Insert(0, "description", words);
        return schema;
    }

    private JsonObject Shape(Type record, List<Type> inner, JsonSchemaExporterContext context, JsonNode node)
    {
        var type = Nullable.GetUnderlyingType(context.TypeInfo.Type) ?? context.TypeInfo.Type;
        if (context.PropertyInfo is { } property)
        {
            if (context.Path.Length == 2 && ContractMembers.NamesOf(record, property.Name) is { } names)
            {
                return ContractMembers.IsOpen(record, property.Name) ? new JsonObject { ["anyOf"] = new JsonArray(Reference(names.Name), new JsonObject { ["type"] = "string" }) } : Reference(names.Name);
            }

            if (property.CustomConverter is TimeTextConverter) return JsonNode.Parse("""{"anyOf":[{"type":"string"},{"type":"number"}]}""")!.AsObject();
            if (property.CustomConverter is StringOrListConverter) return JsonNode.Parse("""{"anyOf":[{"type":"string"},{"type":"array","items":{"type":"string"}}]}""")!.AsObject();
            if (property.CustomConverter is TimeTextConverter) return new JsonObject { ["type"] = new JsonArray("string", "number") };
            if (property.Name == "session_id") return SessionId();
        }

        if (type == typeof(DateTime)) return new JsonObject { ["type"] = "string", ["format"] = "date-time", ["pattern"] = Times };
        if (type == typeof(JsonElement)) return [];
        if (context.Path.Length > 0 && ContractMembers.IsRecord(type))
        {
            inner.Add(type);
            return Reference(type.Name);
        }

        // What does not apply is absent, never null.
        var schema = node.AsObject();
        if (schema["type"] is JsonArray types) schema["type"] = types.Select(t => t!.GetValue<string>()).Single(t => t != "null");
        return schema;
    }

    private JsonObject Reference(string name) => new() { ["$ref"] = _at + name };

    /// <summary>The schema of a session's id.</summary>
    internal static JsonObject SessionId() => new() { ["type"] = "string", ["pattern"] = $"^{Refusals.IdForm.Pattern}$" };

    /// <summary>A list of texts.</summary>
    internal static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(text => (JsonNode)text)]);
}
