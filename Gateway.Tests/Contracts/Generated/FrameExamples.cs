using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Contracts;

namespace Gateway.Tests.Contracts.Generated;

/// <summary>An example of each frame, made of the messages whose form is pinned.</summary>
internal static class FrameExamples
{
    private const string CallId = "1";

    /// <summary>Examples by the name of the frame's schema.</summary>
    public static IReadOnlyDictionary<string, JsonObject> All { get; } = Make().ToDictionary(example => example.Name, example => example.Frame);

    private static IEnumerable<(string Name, JsonObject Frame)> Make()
    {
        foreach (var kind in SessionEvents.All)
        {
            yield return (JsonSchemas.NameOf(kind), Event(kind));
            yield return (HubSchemas.CallOf(kind.HubMethod), new JsonObject { ["type"] = 1, ["target"] = kind.HubMethod, ["arguments"] = new JsonArray(Event(kind)) });
        }

        yield return (JsonSchemas.Ack, Pinned("reply_ack.seq"));
        yield return (JsonSchemas.Refusal, Pinned("reply_error.full"));
        yield return (JsonSchemas.Pong, Pinned("reply_pong"));
        yield return (JsonSchemas.Snapshot, Pinned("snapshot_frame"));
        yield return (JsonSchemas.Inbox, Pinned("inbox_frame.opened"));
        foreach (var command in CommandTable.All)
        {
            var frame = new JsonObject { ["cmd"] = command.Name, ["id"] = CallId };
            if (command.Data is not null) frame["data"] = Pinned(command.Name);
            yield return (JsonSchemas.NameOf(command), frame);
        }

        foreach (var method in HubSchemas.Methods)
        {
            yield return (HubSchemas.CallOf(method.Name), new JsonObject { ["type"] = 1, ["invocationId"] = CallId, ["target"] = method.Name, ["arguments"] = new JsonArray([.. method.GetParameters().Select(Argument)]) });
            var answer = new JsonObject { ["type"] = 3, ["invocationId"] = CallId };
            if (HubSchemas.ResultOf(method) is { } result) answer["result"] = Value(result, "pong");
            yield return (HubSchemas.AnswerOf(method.Name), answer);
        }

        foreach (var method in HubSchemas.Streams)
        {
            yield return (HubSchemas.CallOf(method.Name), new JsonObject { ["type"] = 4, ["invocationId"] = CallId, ["target"] = method.Name, ["arguments"] = new JsonArray([.. HubSchemas.Given(method).Select(Argument)]) });
            yield return (HubSchemas.ItemOf(method.Name), new JsonObject { ["type"] = 2, ["invocationId"] = CallId, ["item"] = Value(HubSchemas.ResultOf(method)!, "") });
            yield return (HubSchemas.AnswerOf(method.Name), new JsonObject { ["type"] = 3, ["invocationId"] = CallId });
        }

        yield return (HubSchemas.RefusalName, new JsonObject { ["type"] = 3, ["invocationId"] = CallId, ["error"] = "An unexpected error occurred invoking 'PauseSession' on the server. HubException: unknown_session: There is no session 's-9'." });
        yield return (HubSchemas.PingName, new JsonObject { ["type"] = 6 });
        yield return (HubSchemas.CloseName, new JsonObject { ["type"] = 7, ["allowReconnect"] = true });
    }

    private static JsonNode? Argument(ParameterInfo parameter) => Value(parameter.ParameterType, "s-7");

    private static JsonNode? Value(Type type, string text) => type == typeof(string) ? text : type == typeof(long) ? 17 : Json(WireMessages.All.First(message => message.Type.Type == type));

    private static JsonObject Event(EventKind kind) => Json(WireMessages.All.First(message => message.Value is SessionEvent e && e.Event == kind.Name));

    private static JsonObject Pinned(string name) => Json(WireMessages.All.Single(message => message.Name == name));

    private static JsonObject Json(WireMessage message) => JsonSerializer.SerializeToNode(message.Value, message.Type)!.AsObject();
}
