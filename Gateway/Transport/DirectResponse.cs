using System.Net.Sockets;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Transport;

/// <summary>Finds responses whose body may be written straight to the socket, as the frames of a WebSocket are.</summary>
internal static class DirectResponse
{
    /// <summary>The socket for the body of a response whose head has been flushed; null when the body has to go through the server.</summary>
    /// <remarks>
    /// The body is written in chunks, ready as they are in a feed, and the server writes the last, empty one when the
    /// request ends. It goes through the server when it is encrypted, when it is no HTTP/1.1, and when a middleware of
    /// the host stands in between, say one that compresses: the body's feature is then not the server's own.
    /// </remarks>
    public static Socket? SocketOf(HttpContext context)
    {
        var features = context.Features;
        var isDirect = HttpProtocol.IsHttp11(context.Request.Protocol)
            && features.Get<ITlsHandshakeFeature>() is null
            && ReferenceEquals(features.Get<IHttpResponseBodyFeature>(), features.Get<IHttpRequestFeature>())
            && context.Response.Headers.TransferEncoding == "chunked";
        return isDirect ? features.Get<DirectSocketFeature>()?.Socket : null;
    }
}
