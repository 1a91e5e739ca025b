using System.Text.Json;
using Gateway.Contracts;
using Gateway.Tests.Contracts.Generated;

namespace Gateway.Tests.Contracts.Schemas;

/// <summary>Of which schema a frame has to be, told from what stands in it, as a client tells it.</summary>
internal static class FrameNames
{
    /// <summary>The schema of a frame on <c>/ws</c>, in either direction.</summary>
    public static string Of(JsonElement frame)
    {
        if (frame.TryGetProperty("cmd", out var cmd)) return JsonSchemas.NameOf(CommandTable.Find(cmd.GetString()!) ?? throw new InvalidOperationException($"There is no command '{cmd}'."));
        var name = frame.GetProperty("event").GetString();
        if (name == ReplyNames.Snapshot) return JsonSchemas.Snapshot;
        if (name is InboxEvents.Reset or InboxEvents.Opened or InboxEvents.Closed) return JsonSchemas.Inbox;
        if (frame.TryGetProperty("seq", out _)) return JsonSchemas.NameOf(SessionEvents.All.Single(kind => kind.Name == name));
        return name switch
        {
            ReplyNames.Ack => JsonSchemas.Ack,
            ReplyNames.Pong => JsonSchemas.Pong,
            ReplyNames.Error => JsonSchemas.Refusal,
            _ => throw new InvalidOperationException($"There is no reply '{name}'."),
        };
    }

    /// <summary>The schema of a message of the hub, sent by the gateway; the calls it answers by their ids.</summary>
    public static string OfHub(JsonElement message, IReadOnlyDictionary<string, string> calls) => message.GetProperty("type").GetInt32() switch
    {
        1 => HubSchemas.CallOf(message.GetProperty("target").GetString()!),
        2 => HubSchemas.ItemOf(calls[message.GetProperty("invocationId").GetString()!]),
        3 => message.TryGetProperty("error", out _) ? HubSchemas.RefusalName : HubSchemas.AnswerOf(calls[message.GetProperty("invocationId").GetString()!]),
        6 => HubSchemas.PingName,
        7 => HubSchemas.CloseName,
        var type => throw new InvalidOperationException($"There is no message of type {type} on the hub."),
    };
}
