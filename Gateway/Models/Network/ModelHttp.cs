namespace Gateway.Models.Network;

/// <summary>Connections to providers.</summary>
/// <remarks>Not from the host's client factory, whose logging may write headers.</remarks>
internal static class ModelHttp
{
    // An unreachable address is an error soon; a silent answer is the engine's business.
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(15);

    // A provider that moves to another address is found again.
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(5);

    /// <summary>The proxy of the environment, which is not asked for what is on this machine.</summary>
    public static DirectLoopback Proxy { get; } = new(HttpClient.DefaultProxy);

    public static HttpClient CreateClient() => new(new SocketsHttpHandler
    {
        ConnectTimeout = ConnectTimeout,
        PooledConnectionLifetime = ConnectionLifetime,
        Proxy = Proxy,

        // A redirect could carry the prompt to a host nobody configured.
        AllowAutoRedirect = false,
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };
}
