using System.Buffers;
using System.Text.Json;
using Gateway.Commands;
using Gateway.Contracts;
using Gateway.Refusals;

namespace Gateway.Doors.Hubs;

/// <summary>Finds the command in the text of a call, and checks it as the doors do that read the text themselves.</summary>
internal sealed class StartCheck(CommandText text)
{
    // SignalR ends each JSON message with it.
    private const byte RecordSeparator = 0x1E;

    /// <summary>Whether a call is a start, whose definition its record does not show as it was sent.</summary>
    public static bool Concerns(string target) => CommandTable.FindHubMethod(target) == CommandTable.StartSession;

    /// <summary>Refuses what its record could not show: half characters, keys of a definition that are misspelt or there twice.</summary>
    /// <param name="message">One message of SignalR's JSON protocol, as it came.</param>
    /// <exception cref="GatewayException"><c>invalid_data</c> or <c>invalid_workflow</c>, with all problems and the path of each.</exception>
    public void Check(in ReadOnlySequence<byte> message)
    {
        ReadOnlySpan<byte> json = message.ToArray();
        if (json is [.. var before, RecordSeparator]) json = before;

        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = JsonText.MaxDepth + 2 });
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isArguments = reader.ValueTextEquals("arguments"u8);
            reader.Read();
            if (!isArguments || reader.TokenType != JsonTokenType.StartArray)
            {
                reader.Skip();
                continue;
            }

            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject) return;
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            var command = json[start..(int)reader.BytesConsumed];
            JsonText.Check(command, "command");
            text.Check(CommandTable.StartSession, command);
            return;
        }
    }
}
