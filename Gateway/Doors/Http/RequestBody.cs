using System.Buffers;
using System.IO.Pipelines;
using Gateway.Admission;
using Gateway.Contracts;
using Gateway.Refusals;

namespace Gateway.Doors.Http;

/// <summary>Reads a request's whole body, within its bounds and those of all large messages together.</summary>
internal static class RequestBody
{
    /// <summary>Makes something of the bytes of a body.</summary>
    public delegate T Reader<out T>(ReadOnlySpan<byte> body);

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>Refuses a body that is larger than the bound by its own account, or encoded.</summary>
    /// <exception cref="GatewayException"><c>message_too_large</c>, <c>unsupported_media_type</c>.</exception>
    public static void Require(HttpRequest request, BodyLimit limit)
    {
        if (request.ContentLength > limit.Bytes) throw limit.Exceeded();
        if (request.Headers.ContentEncoding is [] or ["identity"]) return;
        request.HttpContext.Response.Headers.AcceptEncoding = "identity";
        throw new GatewayException(ErrorCode.UnsupportedMediaType, $"The body is encoded ('{request.Headers.ContentEncoding}'); send it as it is, without 'Content-Encoding'.");
    }

    /// <summary>Reads the body, without a byte order mark.</summary>
    /// <exception cref="GatewayException"><c>message_too_large</c>, <c>limit_exceeded</c>, or what <paramref name="read"/> refuses.</exception>
    public static async Task<ReadBody<T>> ReadAsync<T>(HttpRequest request, BodyLimit limit, Reader<T> read, LargeMessages large, CancellationToken cancellationToken)
    {
        try
        {
            return await ReadWholeAsync(request, limit, read, large, cancellationToken);
        }
        catch (Exception exception) when (exception is BadHttpRequestException or OperationCanceledException or IOException)
        {
            // The client has left in the middle. Kestrel would look for another request behind what is missing, and log that it cannot.
            if (HttpProtocol.IsHttp11(request.Protocol) && !request.HttpContext.Response.HasStarted) request.HttpContext.Response.Headers.Connection = "close";
            throw;
        }
    }

    private static async Task<ReadBody<T>> ReadWholeAsync<T>(HttpRequest request, BodyLimit limit, Reader<T> read, LargeMessages large, CancellationToken cancellationToken)
    {
        var reader = request.BodyReader;
        while (true)
        {
            var isLarge = request.ContentLength > LargeMessages.Small;
            if (!isLarge)
            {
                var body = await reader.ReadAsync(cancellationToken);
                isLarge = body.Buffer.Length > LargeMessages.Small;
                if (!isLarge && body.IsCompleted) return new ReadBody<T>(Take(reader, body.Buffer, read), null);
                reader.AdvanceTo(body.Buffer.Start, body.Buffer.End);
            }

            if (isLarge) return await ReadLargeAsync(reader, request.ContentLength ?? limit.Bytes, limit, read, large, cancellationToken);
        }
    }

    // Waits for its turn with what the server has read ahead, and no more.
    private static async Task<ReadBody<T>> ReadLargeAsync<T>(PipeReader reader, long length, BodyLimit limit, Reader<T> read, LargeMessages large, CancellationToken cancellationToken)
    {
        var share = await large.TakeAsync(length, cancellationToken);
        try
        {
            share.BeginTransfer(reader.CancelPendingRead);
            while (true)
            {
                var body = await reader.ReadAsync(cancellationToken);
                if (body.IsCanceled || body.Buffer.Length > limit.Bytes)
                {
                    // Given back, so that Kestrel can read away what is still to come.
                    reader.AdvanceTo(body.Buffer.End);
                    throw body.IsCanceled ? large.TooSlow() : limit.Exceeded();
                }

                if (body.IsCompleted)
                {
                    share.FinishTransfer();
                    share.Resize(Math.Min(body.Buffer.Length, share.Bytes));
                    return new ReadBody<T>(Take(reader, body.Buffer, read), share);
                }

                reader.AdvanceTo(body.Buffer.Start, body.Buffer.End);
            }
        }
        catch
        {
            share.Dispose();
            throw;
        }
    }

    private static T Take<T>(PipeReader reader, in ReadOnlySequence<byte> body, Reader<T> read)
    {
        try
        {
            var bytes = body.IsSingleSegment ? body.FirstSpan : body.ToArray();
            return read(bytes.StartsWith(ByteOrderMark) ? bytes[ByteOrderMark.Length..] : bytes);
        }
        finally
        {
            reader.AdvanceTo(body.End);
        }
    }
}
