namespace Gateway.Models.Network;

/// <summary>Connections to providers.</summary>
/// <remarks>Not from the host's client factory, whose logging may write headers.</remarks>
internal static class ModelHttp
{
    // An unreachable address is an error soon; a silent answer is the engine's business.
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(15);

    // A provider that moves to another address is found again.
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(5);

    public static HttpClient CreateClient(DelegatingHandler outer)
    {
        outer.InnerHandler = new SocketsHttpHandler
        {
            ConnectTimeout = ConnectTimeout,
            PooledConnectionLifetime = ConnectionLifetime,

            // A redirect could carry the prompt to a host nobody configured.
            AllowAutoRedirect = false,
        };
        return new HttpClient(outer) { Timeout = Timeout.InfiniteTimeSpan };
    }
}
