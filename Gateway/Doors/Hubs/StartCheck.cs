using System.Buffers;
using System.Text.Json;
using Gateway.Contracts;
using Gateway.Refusals;
using Gateway.Workflows;

namespace Gateway.Doors.Hubs;

/// <summary>Looks at the text of a <c>StartSession</c> call before it becomes a record, as the other doors do with theirs.</summary>
internal static class StartCheck
{
    // SignalR ends each JSON message with it.
    private const byte RecordSeparator = 0x1E;

    /// <summary>Whether a call is one.</summary>
    public static bool Concerns(string target) => string.Equals(target, nameof(IWorkflowHub.StartSession), StringComparison.OrdinalIgnoreCase);

    /// <summary>Refuses what its record could not show: half characters, keys of a definition that are misspelt or there twice.</summary>
    /// <param name="message">One message of SignalR's JSON protocol, as it came.</param>
    /// <param name="definitions">Checks a definition in it.</param>
    /// <exception cref="GatewayException"><c>invalid_data</c> or <c>invalid_workflow</c>, with all problems and the path of each.</exception>
    public static void Check(in ReadOnlySequence<byte> message, InlineWorkflow definitions)
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
            definitions.CheckIn(command);
            return;
        }
    }
}
