using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Gateway.Contracts;

/// <summary>A time as text, such as <c>30s</c>; a number of seconds may be written as a number.</summary>
/// <remarks>Public, because a <see cref="JsonSerializerContext"/> elsewhere that holds a record of the contract must construct it.</remarks>
public sealed class TimeTextConverter : JsonConverter<string>
{
    /// <inheritdoc/>
    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
    {
        JsonTokenType.String => reader.GetString(),
        JsonTokenType.Number when reader.TryGetDecimal(out var seconds) => seconds.ToString(CultureInfo.InvariantCulture),
        _ => throw new JsonException("Expected a time, such as \"30s\", or a number of seconds."),
    };

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);
}
