using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Gateway.Contracts;

namespace Gateway.Log;

/// <summary>Writes JSON that holds long texts, with a memory of their size.</summary>
/// <remarks>
/// The serializer asks for room for the worst that a text can become, three to nine times its size, from the shared pool of arrays,
/// which keeps one of each size for every thread. Here a text is written a piece at a time.
/// </remarks>
internal static class LongTexts
{
    /// <summary>So many characters are long.</summary>
    public const int Long = 64 * 1024;

    private static readonly JsonSerializerOptions s_contracts = new ContractsJson(Pieces(ContractsJson.Wire.Options)).Options;
    private static readonly JsonSerializerOptions s_log = new LogJson(Pieces(LogJson.Default.Options)).Options;

    /// <summary>An event as its JSON frame.</summary>
    public static byte[] Encode(SessionEvent sessionEvent)
    {
        if (ChunkJson.TryEncode(sessionEvent) is { } json) return json;
        var characters = Characters(sessionEvent);
        return characters < Long ? EventSerializer.Serialize(sessionEvent) : Encode(sessionEvent, s_contracts.GetTypeInfo(sessionEvent.GetType()), characters);
    }

    /// <summary>A session's header as it is stored.</summary>
    public static byte[] Encode(SessionHeader header)
    {
        var characters = header.Input.Length + (header.Workflow.Agents?.Values.Sum(agent => (long)(agent.Instructions?.Length ?? 0)) ?? 0);
        return characters < Long ? JsonSerializer.SerializeToUtf8Bytes(header, LogJson.Default.SessionHeader) : Encode(header, s_log.GetTypeInfo(typeof(SessionHeader)), characters);
    }

    /// <summary>Another message of the contract that holds long texts, of so many characters.</summary>
    public static byte[] Encode<TMessage>(TMessage message, long characters) => Encode(message!, s_contracts.GetTypeInfo(typeof(TMessage)), characters);

    private static byte[] Encode(object message, JsonTypeInfo type, long characters)
    {
        var buffer = new ArrayBufferWriter<byte>((int)Math.Min(characters + (characters / 16) + 4096, int.MaxValue / 2));
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = type.Options.Encoder, SkipValidation = true }))
        {
            JsonSerializer.Serialize(writer, message, type);
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static long Characters(SessionEvent sessionEvent) => sessionEvent switch
    {
        SessionEvent<TokenStream> said => said.Data.Chunk.Length + (said.Data.Tool?.Result?.Length ?? 0),
        SessionEvent<ExecutionPaused> { Data.HeldInput: { } held } => held.Content.Length,
        SessionEvent<ExecutionCompleted> { Data.Output: { } output } => output.Length,
        SessionEvent<NodeStateChange> { Data.Prompt: { } prompt } => prompt.Text.Length,
        _ => 0,
    };

    private static JsonSerializerOptions Pieces(JsonSerializerOptions options) => new(options) { Converters = { new InPieces() } };

    private sealed class InPieces : JsonConverter<string>
    {
        private const int Piece = 8 * 1024;

        public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetString();

        public override string ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetString()!;

        public override void WriteAsPropertyName(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WritePropertyName(value);

        public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options)
        {
            if (value.Length <= Piece)
            {
                writer.WriteStringValue(value);
                return;
            }

            for (var rest = value.AsSpan(); !rest.IsEmpty;)
            {
                var piece = rest[..Math.Min(rest.Length, Piece)];
                rest = rest[piece.Length..];
                writer.WriteStringValueSegment(piece, isFinalSegment: rest.IsEmpty);
            }
        }
    }
}
