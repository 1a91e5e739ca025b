using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Gateway.Transport;

/// <summary>The opening handshake of RFC 6455, section 4.2, on an HTTP/1.1 connection.</summary>
internal static class WebSocketHandshake
{
    private const string Guid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private const int KeyLength = 16;

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
        headers.SecWebSocketAccept = AcceptKey(context.Request.Headers.SecWebSocketKey.ToString());
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
        return text is { Length: 24 } && Convert.TryFromBase64String(text, key, out var length) && length == KeyLength;
    }

    /// <summary>The proof that a client's key was understood.</summary>
    // RFC 6455 asks for SHA-1 here. The hash protects nothing, so its weakness does not matter.
#pragma warning disable CA5350
    public static string AcceptKey(string key) => Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(key + Guid)));
#pragma warning restore CA5350
}
