using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Contracts;

namespace Gateway.Tests.Contracts.Generated;

/// <summary>The schemas of what travels on the hub in SignalR's JSON: calls in both directions, and what a call comes to.</summary>
/// <remarks>The numbers are SignalR's types of messages. In MessagePack the same calls carry the same arguments.</remarks>
internal static class HubSchemas
{
    private const int Invocation = 1, Item = 2, Completion = 3, StreamInvocation = 4, Ping = 6, Close = 7;

    /// <summary>The name of the schema of a call that was refused, and of SignalR's own messages.</summary>
    public const string RefusalName = "HubRefusal", PingName = "HubPing", CloseName = "HubClose";

    /// <summary>The methods that clients call.</summary>
    public static IReadOnlyList<MethodInfo> Methods { get; } = [.. CommandTable.All.SelectMany(command => command.HubMethods).Select(name => typeof(IWorkflowHub).GetMethod(name)!)];

    /// <summary>The methods that clients call for a stream, which is as long as they read it.</summary>
    public static IReadOnlyList<MethodInfo> Streams { get; } = [.. typeof(IWorkflowHub).GetMethods().Where(method => method.ReturnType.Name == typeof(IAsyncEnumerable<>).Name)];

    /// <summary>The name of the schema of what a stream brings.</summary>
    public static string ItemOf(string method) => method + "Item";

    /// <summary>What a client gives to a method.</summary>
    public static IEnumerable<ParameterInfo> Given(MethodInfo method) => method.GetParameters().Where(parameter => parameter.ParameterType != typeof(CancellationToken));

    /// <summary>The name of the schema of a call, by the method's name.</summary>
    public static string CallOf(string method) => method + "Invocation";

    /// <summary>The name of the schema of what a client's call comes to.</summary>
    public static string AnswerOf(string method) => method + "Completion";

    /// <summary>The name of a parameter, or of a result, as people read it.</summary>
    public static string TypeName(Type type) => type == typeof(long) ? "integer" : type == typeof(string) ? "string" : type.Name;

    /// <summary>What a call comes to; null when nothing comes back but its end.</summary>
    public static Type? ResultOf(MethodInfo method) => method.ReturnType.IsGenericType ? method.ReturnType.GetGenericArguments()[0] : null;

    /// <summary>All of them.</summary>
    public static IEnumerable<KeyValuePair<string, JsonNode?>> All(string at)
    {
        foreach (var kind in SessionEvents.All)
        {
            yield return New(CallOf(kind.HubMethod), ContractDocs.Of(typeof(IWorkflowClient).GetMethod(kind.HubMethod)!), Call(kind.HubMethod, [Reference(at, JsonSchemas.NameOf(kind))]));
        }

        foreach (var method in Methods)
        {
            var call = Call(method.Name, [.. method.GetParameters().Select(parameter => Schema(at, parameter.ParameterType, parameter.Name))]);
            call["properties"]!.AsObject().Insert(1, "invocationId", Text("Comes back with what the call comes to; without it nothing does."));
            yield return New(CallOf(method.Name), ContractDocs.Of(method), call);
            yield return New(AnswerOf(method.Name), $"What a call of `{method.Name}` that was accepted comes to.", Answer(at, ResultOf(method)));
        }

        foreach (var method in Streams)
        {
            var call = Call(method.Name, [.. Given(method).Select(parameter => Schema(at, parameter.ParameterType, parameter.Name))], StreamInvocation);
            call["properties"]!.AsObject().Insert(1, "invocationId", Text("Stands in each of its items, and in a cancellation of SignalR's, which ends it."));
            yield return New(CallOf(method.Name), ContractDocs.Of(method), call);
            yield return New(ItemOf(method.Name), $"What the stream of `{method.Name}` brings.", new JsonObject
            {
                ["type"] = "object",
                ["properties"] = new JsonObject { ["type"] = Constant(Item), ["invocationId"] = Text("The call whose stream it is."), ["item"] = Schema(at, ResultOf(method)!, null) },
                ["required"] = JsonSchemas.Texts(["type", "invocationId", "item"]),
            });
            yield return New(AnswerOf(method.Name), $"The stream of `{method.Name}` has ended, since it was cancelled.", Answer(at, null));
        }

        yield return New(RefusalName, "A call that was refused; the error ends with `code: sentence`.", new JsonObject
        {
            ["type"] = "object",
            ["properties"] = new JsonObject
            {
                ["type"] = Constant(Completion),
                ["invocationId"] = Text("The call that it answers."),
                ["error"] = new JsonObject { ["type"] = "string", ["pattern"] = "[a-z_]+: .+" },
            },
            ["required"] = JsonSchemas.Texts(["type", "invocationId", "error"]),
        });
        yield return New(PingName, "Keeps the connection alive, in both directions.", new JsonObject { ["type"] = "object", ["properties"] = new JsonObject { ["type"] = Constant(Ping) }, ["required"] = JsonSchemas.Texts(["type"]) });
        yield return New(CloseName, "The gateway ends the connection.", new JsonObject
        {
            ["type"] = "object",
            ["properties"] = new JsonObject
            {
                ["type"] = Constant(Close),
                ["error"] = Text("Why, when it ends for a reason."),
                ["allowReconnect"] = new JsonObject { ["description"] = "Whether the client may come back by itself.", ["type"] = "boolean" },
            },
            ["required"] = JsonSchemas.Texts(["type"]),
        });
    }

    private static KeyValuePair<string, JsonNode?> New(string name, string? words, JsonObject schema)
    {
        schema.Insert(0, "description", words);
        return new(name, schema);
    }

    private static JsonObject Call(string method, JsonArray arguments, int type = Invocation) => new()
    {
        ["type"] = "object",
        ["properties"] = new JsonObject
        {
            ["type"] = Constant(type),
            ["target"] = new JsonObject { ["const"] = method },
            ["arguments"] = arguments.Count == 0
                ? new JsonObject { ["type"] = "array", ["maxItems"] = 0 }
                : new JsonObject { ["type"] = "array", ["items"] = arguments, ["minItems"] = arguments.Count, ["maxItems"] = arguments.Count },
        },
        ["required"] = JsonSchemas.Texts(["type", "target", "arguments"]),
    };

    private static JsonObject Answer(string at, Type? result)
    {
        var members = new JsonObject { ["type"] = Constant(Completion), ["invocationId"] = Text("The call that it answers.") };
        var schema = new JsonObject { ["type"] = "object", ["properties"] = members, ["required"] = JsonSchemas.Texts(["type", "invocationId"]) };
        if (result is null)
        {
            schema["not"] = new JsonObject { ["required"] = JsonSchemas.Texts(["error"]) };
            return schema;
        }

        members["result"] = Schema(at, result, null);
        schema["required"]!.AsArray().Add("result");
        return schema;
    }

    private static JsonObject Schema(string at, Type type, string? parameter)
    {
        if (ContractMembers.IsRecord(type)) return Reference(at, type.Name);
        if (type == typeof(long)) return new JsonObject { ["type"] = "integer" };
        return parameter is not null && JsonNamingPolicy.SnakeCaseLower.ConvertName(parameter) == "session_id" ? JsonSchemas.SessionId() : new JsonObject { ["type"] = "string" };
    }

    private static JsonObject Constant(int value) => new() { ["const"] = value };

    private static JsonObject Text(string words) => new() { ["description"] = words, ["type"] = "string" };

    private static JsonObject Reference(string at, string name) => new() { ["$ref"] = at + name };
}
