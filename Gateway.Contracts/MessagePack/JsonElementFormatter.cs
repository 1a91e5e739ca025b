using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using MessagePack;
using MessagePack.Formatters;

namespace Gateway.Contracts;

/// <summary>Free-form JSON inside a MessagePack message, as MessagePack's own values.</summary>
/// <remarks>
/// Numbers are 64-bit integers where they are whole and fit, else doubles. Written out by hand: MessagePack's
/// own conversion from and to JSON text leaves control characters unescaped and so cannot read back what it wrote.
/// </remarks>
internal sealed class JsonElementFormatter : IMessagePackFormatter<JsonElement>
{
    // What JSON documents are limited to by default, so that both wires take the same.
    private const int MaxDepth = 64;

    public void Serialize(ref MessagePackWriter writer, JsonElement value, MessagePackSerializerOptions options) => Write(ref writer, value, 0);

    public JsonElement Deserialize(ref MessagePackReader reader, MessagePackSerializerOptions options)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer)) Read(ref reader, json, 0, MaxDepth);
        return JsonElement.Parse(buffer.WrittenSpan);
    }

    /// <summary>Writes a value as JSON text, keys that stand there twice included.</summary>
    /// <param name="reader">Stands in front of the value.</param>
    /// <param name="json">Takes the text.</param>
    /// <param name="maxDepth">How deep values may stand inside each other.</param>
    internal static void Transcode(ref MessagePackReader reader, Utf8JsonWriter json, int maxDepth) => Read(ref reader, json, 0, maxDepth);

    private static void Write(ref MessagePackWriter writer, JsonElement value, int depth)
    {
        if (depth > MaxDepth) throw TooDeep();
        switch (value.ValueKind)
        {
            case JsonValueKind.Undefined or JsonValueKind.Null:
                writer.WriteNil();
                break;
            case JsonValueKind.True or JsonValueKind.False:
                writer.Write(value.GetBoolean());
                break;
            case JsonValueKind.Number:
                WriteNumber(ref writer, value);
                break;
            case JsonValueKind.String:
                writer.Write(Text(value));
                break;
            case JsonValueKind.Array:
                writer.WriteArrayHeader(value.GetArrayLength());
                foreach (var item in value.EnumerateArray()) Write(ref writer, item, depth + 1);
                break;
            default:
                writer.WriteMapHeader(value.GetPropertyCount());
                foreach (var property in value.EnumerateObject())
                {
                    writer.Write(Name(property));
                    Write(ref writer, property.Value, depth + 1);
                }

                break;
        }
    }

    private static void WriteNumber(ref MessagePackWriter writer, JsonElement value)
    {
        if (value.TryGetInt64(out var signed)) writer.Write(signed);
        else if (value.TryGetUInt64(out var unsigned)) writer.Write(unsigned);
        else if (value.GetDouble() is var number && double.IsFinite(number)) writer.Write(number);
        else throw new MessagePackSerializationException("A number is larger than MessagePack can hold.");
    }

    private static void Read(ref MessagePackReader reader, Utf8JsonWriter json, int depth, int maxDepth)
    {
        if (depth > maxDepth) throw TooDeep();
        switch (reader.NextMessagePackType)
        {
            case MessagePackType.Nil:
                reader.ReadNil();
                json.WriteNullValue();
                break;
            case MessagePackType.Boolean:
                json.WriteBooleanValue(reader.ReadBoolean());
                break;
            case MessagePackType.Integer when reader.NextCode == MessagePackCode.UInt64:
                json.WriteNumberValue(reader.ReadUInt64());
                break;
            case MessagePackType.Integer:
                json.WriteNumberValue(reader.ReadInt64());
                break;
            case MessagePackType.Float:
                ReadFloat(ref reader, json);
                break;
            case MessagePackType.String:
                json.WriteStringValue(ReadText(ref reader));
                break;
            case MessagePackType.Array:
                json.WriteStartArray();
                for (var count = reader.ReadArrayHeader(); count > 0; count--) Read(ref reader, json, depth + 1, maxDepth);
                json.WriteEndArray();
                break;
            case MessagePackType.Map:
                json.WriteStartObject();
                for (var count = reader.ReadMapHeader(); count > 0; count--) ReadProperty(ref reader, json, depth, maxDepth);
                json.WriteEndObject();
                break;
            default:
                throw new MessagePackSerializationException($"A value of type {reader.NextMessagePackType} has no form in JSON.");
        }
    }

    private static void ReadProperty(ref MessagePackReader reader, Utf8JsonWriter json, int depth, int maxDepth)
    {
        if (reader.NextMessagePackType != MessagePackType.String) throw new MessagePackSerializationException("The keys of a map are strings here.");
        json.WritePropertyName(ReadText(ref reader));
        Read(ref reader, json, depth + 1, maxDepth);
    }

    private static string ReadText(ref MessagePackReader reader)
    {
        var text = reader.ReadStringSequence().GetValueOrDefault();
        var bytes = text.IsSingleSegment ? text.FirstSpan : text.ToArray();
        return Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : throw new MessagePackSerializationException("A text is not valid UTF-8.");
    }

    private static void ReadFloat(ref MessagePackReader reader, Utf8JsonWriter json)
    {
        if (reader.NextCode == MessagePackCode.Float32)
        {
            var single = reader.ReadSingle();
            if (!float.IsFinite(single)) throw NotFinite();
            // As a single, so that 0.1 does not become 0.10000000149011612.
            json.WriteNumberValue(single);
            return;
        }

        var number = reader.ReadDouble();
        if (!double.IsFinite(number)) throw NotFinite();
        json.WriteNumberValue(number);
    }

    private static string Text(JsonElement value)
    {
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException exception)
        {
            throw new MessagePackSerializationException("A text holds half a character (a lone surrogate).", exception);
        }
    }

    private static string Name(JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException exception)
        {
            throw new MessagePackSerializationException("A name holds half a character (a lone surrogate).", exception);
        }
    }

    private static MessagePackSerializationException TooDeep() => new($"Values stand more than {MaxDepth} deep inside each other.");

    private static MessagePackSerializationException NotFinite() => new("NaN and infinity have no form in JSON.");
}
