using System.Net.WebSockets;
using Gateway.Contracts;
using Microsoft.AspNetCore.Http.Connections.Client;

namespace Gateway.Client.Connection;

/// <summary>What all of the client's own WebSockets have in common.</summary>
internal static class SocketSettings
{
    /// <summary>Connects with what is set for SignalR's connections, as far as it concerns a WebSocket.</summary>
    /// <exception cref="HttpRequestException">It is refused, with a status.</exception>
    public static async Task ConnectAsync(this ClientWebSocket socket, Uri address, HttpConnectionOptions settings, TimeSpan limit, CancellationToken cancellationToken)
    {
        await ConfigureAsync(socket.Options, settings).ConfigureAwait(false);
        using var timeout = new CancellationTokenSource(limit);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            await socket.ConnectAsync(address, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"The connection was not made within {limit.TotalSeconds} seconds.", e);
        }
        catch (WebSocketException e) when (socket.HttpStatusCode != 0)
        {
            throw new HttpRequestException(e.Message, e, socket.HttpStatusCode);
        }
    }

    /// <summary>Why the gateway has closed a connection; a <see cref="GatewayClientException"/> when it said not to come back.</summary>
    public static Exception Goodbye(this ClientWebSocket socket)
    {
        var code = (int?)socket.CloseStatus;
        var words = socket.CloseStatusDescription;
        var sentence = $"The gateway closed the connection ({code}{(string.IsNullOrEmpty(words) ? "" : $": {words}")}).";

        // These are the gateway's own. Proxies that restart or tire of waiting close with others, and those pass.
        return code is CloseCode.ProtocolError or CloseCode.UnsupportedData or CloseCode.InvalidPayload or CloseCode.PolicyViolation or CloseCode.MessageTooBig
            ? new GatewayClientException(ClientErrorCode.ConnectionRefused, sentence)
            : new IOException(sentence);
    }

    private static async Task ConfigureAsync(ClientWebSocketOptions options, HttpConnectionOptions settings)
    {
        options.CollectHttpResponseDetails = true;
        foreach (var (name, value) in settings.Headers) options.SetRequestHeader(name, value);
        if (settings.AccessTokenProvider is { } provider && await provider().ConfigureAwait(false) is { Length: > 0 } token) options.SetRequestHeader("Authorization", $"Bearer {token}");
        if (settings.Cookies.Count > 0) options.Cookies = settings.Cookies;
        if (settings.Credentials is { } credentials) options.Credentials = credentials;
        if (settings.UseDefaultCredentials is { } useDefault) options.UseDefaultCredentials = useDefault;
        if (settings.Proxy is { } proxy) options.Proxy = proxy;
        if (settings.ClientCertificates is { Count: > 0 } certificates) options.ClientCertificates.AddRange(certificates);
        settings.WebSocketConfiguration?.Invoke(options);
    }
}
