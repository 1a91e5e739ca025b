using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Gateway.Transport;

/// <summary>The opening handshake of RFC 6455, section 4.2, on an HTTP/1.1 connection.</summary>
internal static class WebSocketHandshake
{
    private const int KeyLength = 16;
    private const int KeyTextLength = 24;
    private const int AcceptKeyLength = 28;

    private static ReadOnlySpan<byte> Guid => "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"u8;

    private static ReadOnlySpan<byte> ResponseStart => "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: "u8;

    private static ReadOnlySpan<byte> ResponseEnd => "\r\n\r\n"u8;

    /// <summary>Bytes of a whole 101 response.</summary>
    public static int ResponseLength => ResponseStart.Length + AcceptKeyLength + ResponseEnd.Length;

    /// <summary>Whether a request asks for a WebSocket in the one version there is.</summary>
    public static bool IsValid(HttpRequest request) =>
        HttpMethods.IsGet(request.Method)
        && request.Headers.SecWebSocketVersion == "13"
        && HasToken(request.Headers.Upgrade, "websocket")
        && HasToken(request.Headers.Connection, "upgrade")
        && request.Headers.SecWebSocketKey is [var key]
        && IsKey(key);

    /// <summary>Sets the headers of the 101 response.</summary>
    public static void Accept(HttpContext context, string? subProtocol)
    {
        var headers = context.Response.Headers;
        headers.Connection = HeaderNames.Upgrade;
        headers.Upgrade = "websocket";
        Span<byte> proof = stackalloc byte[AcceptKeyLength];
        WriteAcceptKey(context.Request.Headers.SecWebSocketKey.ToString(), proof);
        headers.SecWebSocketAccept = Encoding.ASCII.GetString(proof);
        if (subProtocol is not null) headers.SecWebSocketProtocol = subProtocol;
    }

    private static bool HasToken(StringValues values, string token)
    {
        foreach (var value in values)
        {
            if (value is null) continue;
            foreach (var part in value.AsSpan().Split(','))
            {
                if (value.AsSpan(part).Trim().Equals(token, StringComparison.OrdinalIgnoreCase)) return true;
            }
        }

        return false;
    }

    /// <summary>Whether a client's key is 16 bytes in base64.</summary>
    public static bool IsKey(string? text)
    {
        Span<byte> key = stackalloc byte[KeyLength];
        return text is { Length: KeyTextLength } && Convert.TryFromBase64String(text, key, out var length) && length == KeyLength;
    }

    /// <summary>Writes a whole 101 response, which takes <see cref="ResponseLength"/> bytes.</summary>
    /// <param name="key">The client's key; see <see cref="IsKey"/>.</param>
    /// <param name="response">Where it is written.</param>
    public static void WriteResponse(string key, Span<byte> response)
    {
        ResponseStart.CopyTo(response);
        WriteAcceptKey(key, response.Slice(ResponseStart.Length, AcceptKeyLength));
        ResponseEnd.CopyTo(response[(ResponseStart.Length + AcceptKeyLength)..]);
    }

    // The proof that a client's key was understood.
    private static void WriteAcceptKey(string key, Span<byte> proof)
    {
        Span<byte> text = stackalloc byte[KeyTextLength + Guid.Length];
        Encoding.ASCII.GetBytes(key, text);
        Guid.CopyTo(text[KeyTextLength..]);
        Span<byte> hash = stackalloc byte[SHA1.HashSizeInBytes];

        // RFC 6455 asks for SHA-1 here. The hash protects nothing, so its weakness does not matter.
#pragma warning disable CA5350
        SHA1.HashData(text, hash);
#pragma warning restore CA5350
        Base64.EncodeToUtf8(hash, proof, out _, out _);
    }
}
