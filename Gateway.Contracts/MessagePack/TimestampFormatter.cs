using System.Globalization;
using MessagePack;
using MessagePack.Formatters;

namespace Gateway.Contracts;

/// <summary>Times as the text they are in JSON: RFC 3339, UTC, seven fraction digits.</summary>
/// <remarks>
/// MessagePack's own timestamp would be a few bytes shorter. But a browser reads it as a Date of whole milliseconds, so that
/// events a tenth of a microsecond apart would look alike, and some clients cannot read it at all. It is still read here.
/// </remarks>
internal sealed class TimestampFormatter : IMessagePackFormatter<DateTime>
{
    private const int Length = 28;

    /// <inheritdoc/>
    public void Serialize(ref MessagePackWriter writer, DateTime value, MessagePackSerializerOptions options)
    {
        writer.WriteStringHeader(Length);
        value.ToUniversalTime().TryFormat(writer.GetSpan(Length), out _, "O", CultureInfo.InvariantCulture);
        writer.Advance(Length);
    }

    /// <inheritdoc/>
    public DateTime Deserialize(ref MessagePackReader reader, MessagePackSerializerOptions options)
    {
        if (reader.NextMessagePackType != MessagePackType.String) return reader.ReadDateTime();
        return DateTimeOffset.TryParse(reader.ReadString(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time.UtcDateTime
            : throw new MessagePackSerializationException("A time is not RFC 3339.");
    }
}
