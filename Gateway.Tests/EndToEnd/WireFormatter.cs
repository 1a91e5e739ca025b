using System.Text.Json;
using MessagePack;
using MessagePack.Formatters;

namespace Gateway.Tests.EndToEnd;

/// <summary>Reads whatever is on the MessagePack wire, without knowing the contract.</summary>
internal sealed class WireFormatter : IMessagePackFormatter<JsonElement>
{
    public void Serialize(ref MessagePackWriter writer, JsonElement value, MessagePackSerializerOptions options) => throw new NotSupportedException();

    public JsonElement Deserialize(ref MessagePackReader reader, MessagePackSerializerOptions options) =>
        JsonSerializer.Deserialize<JsonElement>(MessagePackSerializer.ConvertToJson(reader.ReadRaw(), MessagePackSerializerOptions.Standard));
}
