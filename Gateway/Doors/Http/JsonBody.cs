using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Gateway.Contracts;
using Gateway.Refusals;

namespace Gateway.Doors.Http;

/// <summary>Reads a request's JSON body, and says exactly what is wrong with one it cannot read.</summary>
internal static class JsonBody
{
    /// <summary>The largest body that is read, in bytes: an input of 1 MB has room, also when it is escaped somewhat.</summary>
    public const int MaxBytes = 2 * 1024 * 1024;

    /// <summary>Refuses a body by its bytes.</summary>
    public delegate void JsonCheck(ReadOnlySpan<byte> body);

    public const string ContentTypeSentence = "The body must be JSON: send it with 'Content-Type: application/json'.";
    public const string TooLargeSentence = "The body is larger than 2 MB.";

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>Reads the body. A <paramref name="check"/> looks at the bytes of one that is JSON, and refuses what its record would not show.</summary>
    /// <exception cref="GatewayException"><c>unsupported_media_type</c>, <c>message_too_large</c> or <c>invalid_data</c>.</exception>
    public static async Task<T> ReadAsync<T>(HttpRequest request, JsonTypeInfo<T> type, CancellationToken cancellationToken, JsonCheck? check = null)
        where T : class
    {
        if (request.ContentLength > MaxBytes) throw new GatewayException(ErrorCode.MessageTooLarge, TooLargeSentence);
        if (!request.HasJsonContentType()) throw new GatewayException(ErrorCode.UnsupportedMediaType, ContentTypeSentence);

        var reader = request.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync(cancellationToken);
            if (read.Buffer.Length > MaxBytes)
            {
                // Given back, so that Kestrel can read away what is still to come.
                reader.AdvanceTo(read.Buffer.End);
                throw new GatewayException(ErrorCode.MessageTooLarge, TooLargeSentence);
            }

            if (!read.IsCompleted)
            {
                reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
                continue;
            }

            try
            {
                return Parse(read.Buffer.IsSingleSegment ? read.Buffer.FirstSpan : read.Buffer.ToArray(), type, check);
            }
            finally
            {
                reader.AdvanceTo(read.Buffer.End);
            }
        }
    }

    private static T Parse<T>(ReadOnlySpan<byte> body, JsonTypeInfo<T> type, JsonCheck? check)
        where T : class
    {
        if (body.StartsWith(ByteOrderMark)) body = body[ByteOrderMark.Length..];
        if (body.IsEmpty) throw Refuse("The body is missing: send a JSON object.");

        JsonText.Check(body, "body");
        check?.Invoke(body);
        try
        {
            return JsonSerializer.Deserialize(body, type) ?? throw Refuse("The body must be an object.");
        }
        catch (JsonException exception)
        {
            throw Refuse(JsonShape.Explain(exception, type));
        }
    }

    private static GatewayException Refuse(string sentence) => new(ErrorCode.InvalidData, sentence);
}
