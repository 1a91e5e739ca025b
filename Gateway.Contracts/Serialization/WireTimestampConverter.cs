using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Gateway.Contracts;

/// <summary>UTC times as RFC 3339 with seven fraction digits, always.</summary>
/// <remarks>
/// The default writer trims trailing zeros; clients that compare timestamps as text need a fixed width. Public, because a
/// <see cref="JsonSerializerContext"/> elsewhere that holds a record of the contract must construct it.
/// </remarks>
public sealed class WireTimestampConverter : JsonConverter<DateTime>
{
    private const int Length = 28;

    /// <inheritdoc/>
    public override DateTime Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.GetDateTimeOffset().UtcDateTime;

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, DateTime value, JsonSerializerOptions options)
    {
        Span<byte> text = stackalloc byte[Length];
        value.ToUniversalTime().TryFormat(text, out var written, "O", CultureInfo.InvariantCulture);
        writer.WriteStringValue(text[..written]);
    }
}
