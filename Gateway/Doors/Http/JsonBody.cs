using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Gateway.Admission;
using Gateway.Commands;
using Gateway.Contracts;
using Gateway.Refusals;

namespace Gateway.Doors.Http;

/// <summary>Reads a request's JSON body, and says exactly what is wrong with one it cannot read.</summary>
internal static class JsonBody
{
    public const string ContentTypeSentence = "The body must be JSON: send it with 'Content-Type: application/json'.";
    public const string TooLargeSentence = "The body is larger than 2 MB.";

    private static readonly BodyLimit s_limit = new(CommandText.MaxBytes, TooLargeSentence);

    /// <summary>Reads the body as the data of a command.</summary>
    /// <exception cref="GatewayException">
    /// <c>unsupported_media_type</c>, <c>message_too_large</c>, <c>limit_exceeded</c>, or what <see cref="CommandText.Read"/> refuses.
    /// </exception>
    public static Task<ReadBody<object>> ReadAsync(HttpRequest request, CommandInfo command, CommandText text, LargeMessages large, CancellationToken cancellationToken)
    {
        if (request.ContentLength > s_limit.Bytes) throw s_limit.Exceeded();
        if (!request.HasJsonContentType()) throw new GatewayException(ErrorCode.UnsupportedMediaType, ContentTypeSentence);
        RequestBody.Require(request, s_limit);
        return RequestBody.ReadAsync(request, s_limit, body => Parse(body, command, text), large, cancellationToken);
    }

    /// <summary>Reads the body as a record of the contract.</summary>
    /// <exception cref="GatewayException"><c>unsupported_media_type</c>, <c>message_too_large</c>, <c>limit_exceeded</c>, <c>invalid_data</c>.</exception>
    public static Task<ReadBody<T>> ReadAsync<T>(HttpRequest request, JsonTypeInfo<T> type, LargeMessages large, CancellationToken cancellationToken)
        where T : class
    {
        if (request.ContentLength > s_limit.Bytes) throw s_limit.Exceeded();
        if (!request.HasJsonContentType()) throw new GatewayException(ErrorCode.UnsupportedMediaType, ContentTypeSentence);
        RequestBody.Require(request, s_limit);
        return RequestBody.ReadAsync(request, s_limit, body => Parse(body, type), large, cancellationToken);
    }

    private static T Parse<T>(ReadOnlySpan<byte> body, JsonTypeInfo<T> type)
        where T : class
    {
        if (body.IsEmpty) throw new GatewayException(ErrorCode.InvalidData, "The body is missing: send a JSON object.");
        JsonText.Check(body, "body");
        try
        {
            return JsonSerializer.Deserialize(body, type) ?? throw new GatewayException(ErrorCode.InvalidData, "The body must be an object.");
        }
        catch (JsonException exception)
        {
            throw new GatewayException(ErrorCode.InvalidData, JsonShape.Explain(exception, type));
        }
    }

    private static object Parse(ReadOnlySpan<byte> body, CommandInfo command, CommandText text)
    {
        if (body.IsEmpty) throw new GatewayException(ErrorCode.InvalidData, "The body is missing: send a JSON object.");

        JsonText.Check(body, "body");
        return text.Read(command, body);
    }
}
