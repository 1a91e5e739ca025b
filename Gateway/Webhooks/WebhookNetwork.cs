using System.Net;

namespace Gateway.Webhooks;

/// <summary>What webhooks need of the world, so that tests can stand in for it.</summary>
/// <param name="Resolve">The addresses of a name.</param>
/// <param name="Random">A number from 0 to 1.</param>
internal sealed record WebhookNetwork(Func<string, CancellationToken, Task<IPAddress[]>> Resolve, Func<double> Random)
{
    /// <summary>The world.</summary>
    public static WebhookNetwork Real { get; } = new(Dns.GetHostAddressesAsync, System.Random.Shared.NextDouble);
}
