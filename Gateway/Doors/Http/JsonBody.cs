using System.Buffers;
using System.IO.Pipelines;
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

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>Reads the body as the data of a command.</summary>
    /// <exception cref="GatewayException">
    /// <c>unsupported_media_type</c>, <c>message_too_large</c>, <c>limit_exceeded</c>, or what <see cref="CommandText.Read"/> refuses.
    /// </exception>
    public static async Task<JsonCommand> ReadAsync(HttpRequest request, CommandInfo command, CommandText text, LargeMessages large, CancellationToken cancellationToken)
    {
        if (request.ContentLength > CommandText.MaxBytes) throw new GatewayException(ErrorCode.MessageTooLarge, TooLargeSentence);
        if (!request.HasJsonContentType()) throw new GatewayException(ErrorCode.UnsupportedMediaType, ContentTypeSentence);

        if (request.Headers.ContentEncoding is not ([] or ["identity"]))
        {
            request.HttpContext.Response.Headers.AcceptEncoding = "identity";
            throw new GatewayException(ErrorCode.UnsupportedMediaType, $"The body is encoded ('{request.Headers.ContentEncoding}'); send it as it is, without 'Content-Encoding'.");
        }

        var reader = request.BodyReader;
        while (true)
        {
            var isLarge = request.ContentLength > LargeMessages.Small;
            if (!isLarge)
            {
                var read = await reader.ReadAsync(cancellationToken);
                isLarge = read.Buffer.Length > LargeMessages.Small;
                if (!isLarge && read.IsCompleted) return new JsonCommand(Take(reader, read.Buffer, command, text), null);
                reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            }

            if (isLarge) return await ReadLargeAsync(reader, request.ContentLength ?? CommandText.MaxBytes, command, text, large, cancellationToken);
        }
    }

    // Waits for its turn with what the server has read ahead, and no more.
    private static async Task<JsonCommand> ReadLargeAsync(PipeReader reader, long length, CommandInfo command, CommandText text, LargeMessages large, CancellationToken cancellationToken)
    {
        var share = await large.TakeAsync(length, cancellationToken);
        try
        {
            share.BeginTransfer(reader.CancelPendingRead);
            while (true)
            {
                var read = await reader.ReadAsync(cancellationToken);
                if (read.IsCanceled || read.Buffer.Length > CommandText.MaxBytes)
                {
                    // Given back, so that Kestrel can read away what is still to come.
                    reader.AdvanceTo(read.Buffer.End);
                    throw read.IsCanceled ? large.TooSlow() : new GatewayException(ErrorCode.MessageTooLarge, TooLargeSentence);
                }

                if (read.IsCompleted)
                {
                    share.FinishTransfer();
                    share.Resize(Math.Min(read.Buffer.Length, share.Bytes));
                    return new JsonCommand(Take(reader, read.Buffer, command, text), share);
                }

                reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            }
        }
        catch
        {
            share.Dispose();
            throw;
        }
    }

    private static object Take(PipeReader reader, in ReadOnlySequence<byte> body, CommandInfo command, CommandText text)
    {
        try
        {
            return Parse(body.IsSingleSegment ? body.FirstSpan : body.ToArray(), command, text);
        }
        finally
        {
            reader.AdvanceTo(body.End);
        }
    }

    private static object Parse(ReadOnlySpan<byte> body, CommandInfo command, CommandText text)
    {
        if (body.StartsWith(ByteOrderMark)) body = body[ByteOrderMark.Length..];
        if (body.IsEmpty) throw new GatewayException(ErrorCode.InvalidData, "The body is missing: send a JSON object.");

        JsonText.Check(body, "body");
        return text.Read(command, body);
    }
}
