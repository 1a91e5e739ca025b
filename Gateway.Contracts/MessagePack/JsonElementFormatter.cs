using System.Text.Json;
using MessagePack;
using MessagePack.Formatters;

namespace Gateway.Contracts;

/// <summary>Free-form JSON inside a MessagePack message, as MessagePack's own values.</summary>
internal sealed class JsonElementFormatter : IMessagePackFormatter<JsonElement>
{
    public void Serialize(ref MessagePackWriter writer, JsonElement value, MessagePackSerializerOptions options)
    {
        if (value.ValueKind == JsonValueKind.Undefined)
        {
            writer.WriteNil();
            return;
        }

        writer.WriteRaw(MessagePackSerializer.ConvertFromJson(value.GetRawText(), options));
    }

    public JsonElement Deserialize(ref MessagePackReader reader, MessagePackSerializerOptions options)
    {
        options.Security.DepthStep(ref reader);
        var raw = reader.ReadRaw();
        reader.Depth--;
        var json = MessagePackSerializer.ConvertToJson(raw, options);
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}
