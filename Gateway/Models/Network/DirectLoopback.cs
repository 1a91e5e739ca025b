using System.Net;

namespace Gateway.Models.Network;

/// <summary>A proxy that is passed by on the way to this machine, whatever the environment says.</summary>
/// <remarks>A proxy elsewhere cannot know what <c>localhost</c> means here, and would be told the prompt and the key.</remarks>
/// <param name="proxy">The proxy for everything else.</param>
internal sealed class DirectLoopback(IWebProxy proxy) : IWebProxy
{
    public ICredentials? Credentials
    {
        get => proxy.Credentials;
        set => proxy.Credentials = value;
    }

    /// <inheritdoc/>
    public Uri? GetProxy(Uri destination) => IsHere(destination) || proxy.IsBypassed(destination) ? null : proxy.GetProxy(destination);

    /// <inheritdoc/>
    public bool IsBypassed(Uri host) => IsHere(host) || proxy.IsBypassed(host);

    private static bool IsHere(Uri address) =>
        address.IsLoopback
        || address.Host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(address.Host.Trim('[', ']'), out var ip) && (IPAddress.IsLoopback(ip) || ip.Equals(IPAddress.Any) || ip.Equals(IPAddress.IPv6Any)));
}
