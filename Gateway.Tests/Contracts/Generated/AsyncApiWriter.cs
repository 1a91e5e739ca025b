using System.Text.Json.Nodes;
using Gateway.Contracts;

namespace Gateway.Tests.Contracts.Generated;

/// <summary>Writes the AsyncAPI document of <c>/ws</c> and the hub; the gateway is the application that it describes.</summary>
internal static class AsyncApiWriter
{
    private const string Schemas = "#/components/schemas/", Messages = "#/components/messages/";

    private static readonly Dictionary<string, (string Type, string Words)> s_query = new()
    {
        ["session_id"] = ("string", "That session only, from its first event; without it the live events of every session."),
        ["after_seq"] = ("integer", "With a session: only the events after this one."),
        ["snapshot"] = ("boolean", "With a session: its folded state first, then what follows it."),
        ["merge"] = ("boolean", "Neighbouring tokens may come as one event when the reader has fallen behind."),
        ["live"] = ("boolean", "Without a session, false: nothing is sent until the connection subscribes or starts something."),
        ["inbox"] = ("boolean", "Without a session, true: what waits for a person over all sessions, and each change of that."),
        ["assignee"] = ("string", "With the inbox: only what this person may answer."),
        ["workflow_id"] = ("string", "With the inbox: only what sessions of this workflow ask."),
        ["after"] = ("string", "With the inbox: only what has changed behind this position."),
    };

    private static readonly string[] s_replies = [JsonSchemas.Ack, JsonSchemas.Refusal, JsonSchemas.Pong, JsonSchemas.Snapshot, JsonSchemas.Inbox];

    /// <summary>The parameters of the WebSocket's address that the document tells of.</summary>
    public static IEnumerable<string> Parameters => s_query.Keys;

    public static string Write()
    {
        var schemas = JsonSchemas.All(Schemas);
        return GeneratedJson.Write(new JsonObject
        {
            ["asyncapi"] = "3.0.0",
            ["info"] = new JsonObject
            {
                ["title"] = "Gateway",
                ["version"] = "1.0.0",
                ["description"] = "Sessions of LLM agents, watched and steered live: over a raw WebSocket in JSON, and over a SignalR hub. `send` is what the gateway sends, `receive` what it takes. The rules that no schema has, such as the order of events, are at `/docs/protocol`.",
            },
            ["defaultContentType"] = "application/json",
            ["servers"] = new JsonObject
            {
                ["gateway"] = new JsonObject
                {
                    ["host"] = "{address}",
                    ["protocol"] = "ws",
                    ["description"] = "A gateway; behind TLS the protocol is wss.",
                    ["variables"] = new JsonObject { ["address"] = new JsonObject { ["default"] = "localhost:8080", ["description"] = "Host and port." } },
                },
            },
            ["channels"] = new JsonObject { ["ws"] = WebSocket(), ["hub"] = Hub() },
            ["operations"] = new JsonObject([.. WebSocketOperations(), .. HubOperations()]),
            ["components"] = new JsonObject
            {
                ["messages"] = new JsonObject([.. WebSocketMessages().Concat(HubMessages()).Select(message => KeyValuePair.Create(message.Name, (JsonNode?)Message(message, schemas)))]),
                ["schemas"] = schemas,
            },
        });
    }

    private static JsonObject WebSocket() => new()
    {
        ["address"] = GatewayPath.WebSocket,
        ["title"] = "The raw WebSocket",
        ["description"] = "JSON text frames, one message each.",
        ["messages"] = References(WebSocketMessages()),
        ["bindings"] = new JsonObject
        {
            ["ws"] = new JsonObject
            {
                ["method"] = "GET",
                ["query"] = new JsonObject
                {
                    ["type"] = "object",
                    ["properties"] = new JsonObject(s_query.Select(parameter => KeyValuePair.Create(parameter.Key, (JsonNode?)new JsonObject { ["type"] = parameter.Value.Type, ["description"] = parameter.Value.Words }))),
                },
                ["bindingVersion"] = "0.1.0",
            },
        },
    };

    private static JsonObject Hub() => new()
    {
        ["address"] = GatewayPath.Hub,
        ["title"] = "The SignalR hub",
        ["description"] = "SignalR's own protocol, whose JSON form the messages have here, each followed by the byte 1E; the MessagePack form carries the same calls with the same arguments. Use a library of SignalR.",
        ["messages"] = References(HubMessages()),
    };

    private static IEnumerable<KeyValuePair<string, JsonNode?>> WebSocketOperations()
    {
        yield return Operation("ws_events", "send", "ws", "The events of sessions, and what a subscription begins and ends with.", [.. SessionEvents.All.Select(JsonSchemas.NameOf), JsonSchemas.Snapshot, JsonSchemas.Refusal], []);
        yield return Operation("ws_inbox", "send", "ws", "What waits for a person, on a connection that asks for the inbox.", [JsonSchemas.Inbox], []);
        foreach (var command in CommandTable.All)
        {
            string[] answers = command == CommandTable.Ping ? [JsonSchemas.Pong] : command == CommandTable.Subscribe ? [JsonSchemas.Ack, JsonSchemas.Snapshot, JsonSchemas.Refusal] : [JsonSchemas.Ack, JsonSchemas.Refusal];
            yield return Operation($"ws_{command.Name}", "receive", "ws", ContractDocs.Of(CommandProperty.Of(command)), [JsonSchemas.NameOf(command)], answers);
        }
    }

    private static IEnumerable<KeyValuePair<string, JsonNode?>> HubOperations()
    {
        foreach (var kind in SessionEvents.All)
        {
            yield return Operation($"hub_{kind.HubMethod}", "send", "hub", ContractDocs.Of(typeof(IWorkflowClient).GetMethod(kind.HubMethod)!), [HubSchemas.CallOf(kind.HubMethod)], []);
        }

        foreach (var method in HubSchemas.Methods)
        {
            yield return Operation($"hub_{method.Name}", "receive", "hub", ContractDocs.Of(method), [HubSchemas.CallOf(method.Name)], [HubSchemas.AnswerOf(method.Name), HubSchemas.RefusalName]);
        }

        foreach (var method in HubSchemas.Streams)
        {
            yield return Operation($"hub_{method.Name}", "receive", "hub", ContractDocs.Of(method), [HubSchemas.CallOf(method.Name)], [HubSchemas.ItemOf(method.Name), HubSchemas.AnswerOf(method.Name), HubSchemas.RefusalName]);
        }

        yield return Operation("hub_connection", "send", "hub", "What SignalR says of the connection.", [HubSchemas.PingName, HubSchemas.CloseName], []);
    }

    private static KeyValuePair<string, JsonNode?> Operation(string name, string action, string channel, string? words, string[] messages, string[] answers)
    {
        var operation = new JsonObject
        {
            ["action"] = action,
            ["channel"] = Reference($"#/channels/{channel}"),
            ["summary"] = words,
            ["messages"] = In(channel, messages),
        };
        if (answers.Length > 0) operation["reply"] = new JsonObject { ["channel"] = Reference($"#/channels/{channel}"), ["messages"] = In(channel, answers) };
        return new(name, operation);
    }

    private static IEnumerable<(string Name, string Title)> WebSocketMessages() =>
    [
        .. SessionEvents.All.Select(kind => (JsonSchemas.NameOf(kind), kind.Name)),
        .. s_replies.Zip([ReplyNames.Ack, ReplyNames.Error, ReplyNames.Pong, ReplyNames.Snapshot, "inbox"]),
        .. CommandTable.All.Select(command => (JsonSchemas.NameOf(command), command.Name)),
    ];

    private static IEnumerable<(string Name, string Title)> HubMessages() =>
    [
        .. SessionEvents.All.Select(kind => (HubSchemas.CallOf(kind.HubMethod), kind.HubMethod)),
        .. HubSchemas.Methods.Select(method => (HubSchemas.CallOf(method.Name), method.Name)),
        .. HubSchemas.Methods.Select(method => (HubSchemas.AnswerOf(method.Name), $"The answer to {method.Name}")),
        .. HubSchemas.Streams.SelectMany(method => ((string, string)[])[(HubSchemas.CallOf(method.Name), method.Name), (HubSchemas.ItemOf(method.Name), $"What {method.Name} brings"), (HubSchemas.AnswerOf(method.Name), $"The end of {method.Name}")]),
        (HubSchemas.RefusalName, "A refusal"),
        (HubSchemas.PingName, "Ping"),
        (HubSchemas.CloseName, "Close"),
    ];

    private static JsonObject Message((string Name, string Title) message, JsonObject schemas) => new()
    {
        ["name"] = message.Name,
        ["title"] = message.Title,
        ["summary"] = schemas[message.Name]!["description"]!.GetValue<string>(),
        ["contentType"] = "application/json",
        ["payload"] = Reference(Schemas + message.Name),
        ["examples"] = new JsonArray(new JsonObject { ["name"] = message.Name, ["payload"] = FrameExamples.All[message.Name].DeepClone() }),
    };

    private static JsonObject References(IEnumerable<(string Name, string Title)> messages) =>
        new(messages.Select(message => KeyValuePair.Create(message.Name, (JsonNode?)Reference(Messages + message.Name))));

    private static JsonArray In(string channel, string[] messages) => new([.. messages.Select(name => (JsonNode)Reference($"#/channels/{channel}/messages/{name}"))]);

    private static JsonObject Reference(string to) => new() { ["$ref"] = to };
}
