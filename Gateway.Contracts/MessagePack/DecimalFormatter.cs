using System.Globalization;
using MessagePack;
using MessagePack.Formatters;

namespace Gateway.Contracts;

/// <summary>Prices as MessagePack numbers, as they are numbers in JSON; MessagePack's own form of a decimal is text.</summary>
/// <remarks>A double keeps 15 digits of an amount. Text is read too.</remarks>
internal sealed class DecimalFormatter : IMessagePackFormatter<decimal>
{
    public void Serialize(ref MessagePackWriter writer, decimal value, MessagePackSerializerOptions options) => writer.Write((double)value);

    public decimal Deserialize(ref MessagePackReader reader, MessagePackSerializerOptions options)
    {
        try
        {
            return reader.NextMessagePackType switch
            {
                MessagePackType.Integer when reader.NextCode == MessagePackCode.UInt64 => reader.ReadUInt64(),
                MessagePackType.Integer => reader.ReadInt64(),
                MessagePackType.String => decimal.Parse(reader.ReadString()!, NumberStyles.Float, CultureInfo.InvariantCulture),
                _ => (decimal)reader.ReadDouble(),
            };
        }
        catch (Exception exception) when (exception is OverflowException or FormatException)
        {
            throw new MessagePackSerializationException("An amount is not a number that can be held.", exception);
        }
    }
}
