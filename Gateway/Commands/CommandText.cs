using System.Text.Json;
using Gateway.Contracts;
using Gateway.Refusals;
using Gateway.Workflows;

namespace Gateway.Commands;

/// <summary>Reads the data of commands that come as JSON text; every door that takes text uses it.</summary>
internal sealed class CommandText(InlineWorkflow definitions)
{
    /// <summary>The largest message over the hub and over HTTP, in bytes: an input of 1 MB has room, also when it is escaped somewhat.</summary>
    public const int MaxBytes = 2 * 1024 * 1024;

    /// <summary>Refuses what the record of a command cannot show: keys of a definition that are misspelt or there twice.</summary>
    /// <remarks>The text is valid JSON, and its strings are text: see <see cref="JsonText"/>.</remarks>
    /// <returns>The data to read in place of these, where a definition comes in another format; else null.</returns>
    /// <exception cref="GatewayException"><c>invalid_workflow</c>, with all problems and the path of each.</exception>
    public byte[]? Check(CommandInfo command, ReadOnlySpan<byte> data) => command == CommandTable.StartSession ? definitions.CheckIn(data) : null;

    /// <summary>Reads the record of a command.</summary>
    /// <exception cref="GatewayException"><c>invalid_data</c>, naming the member; or what <see cref="Check"/> refuses.</exception>
    public object Read(CommandInfo command, ReadOnlySpan<byte> data)
    {
        var type = command.Data ?? throw new ArgumentException($"'{command}' has no data.", nameof(command));
        if (Check(command, data) is { } rewritten) data = rewritten;
        try
        {
            return JsonSerializer.Deserialize(data, type) ?? throw new GatewayException(ErrorCode.InvalidData, "The body must be an object.");
        }
        catch (JsonException exception)
        {
            throw new GatewayException(ErrorCode.InvalidData, JsonShape.Explain(exception, type));
        }
    }
}
