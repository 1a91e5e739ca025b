using System.Net;

namespace Gateway.Webhooks;

/// <summary>Connections to endpoints.</summary>
/// <remarks>Not from the host's client factory, whose logging and handlers may pass the guard by.</remarks>
internal static class WebhookHttp
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);

    // A name that leads to another address is followed there.
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(2);

    // Of an answer only its status counts. A short body is read, so that the connection can be used again; any other ends it.
    private const int MostRead = 64 * 1024;
    private const int MostHeaderKilobytes = 16;
    private static readonly TimeSpan LongestRead = TimeSpan.FromSeconds(1);

    /// <summary>A way to post that connects with a guard.</summary>
    /// <param name="connect">Opens connections.</param>
    /// <param name="connections">Connections at a time.</param>
    public static HttpMessageInvoker Create(GuardedConnect connect, int connections) => new(new SocketsHttpHandler
    {
        ConnectCallback = (context, cancellationToken) => connect.ConnectAsync(context.DnsEndPoint, cancellationToken),

        // A proxy would connect in place of the gateway, where nobody looks.
        UseProxy = false,
        AllowAutoRedirect = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.None,
        ActivityHeadersPropagator = null,
        ConnectTimeout = ConnectTimeout,
        PooledConnectionLifetime = ConnectionLifetime,
        // One for what is sent again, and one for an answer that is still being read to its end.
        MaxConnectionsPerServer = connections + 2,
        MaxResponseDrainSize = MostRead,
        ResponseDrainTimeout = LongestRead,
        MaxResponseHeadersLength = MostHeaderKilobytes,
    });
}
