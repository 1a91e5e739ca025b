using System.Net;
using System.Net.Sockets;

namespace Gateway.Webhooks;

/// <summary>Which addresses may be connected to: those of the internet, and those of networks that the settings allow.</summary>
/// <remarks>Else whoever chooses an address, or what a name leads to, would reach through the gateway what only it can reach.</remarks>
/// <param name="allowed">Networks that are allowed all the same.</param>
internal sealed class AddressGuard(IReadOnlyList<IPNetwork> allowed)
{
    // What the registries of IANA for special purposes call not globally reachable, and multicast.
    private static readonly IPNetwork[] NotInternet =
    [
        .. ((string[])[
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24",
            "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
            "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20",
        ]).Select(network => IPNetwork.Parse(network)),
    ];

    // Of IPv6 only this part is given out for the internet.
    private static readonly IPNetwork Internet6 = IPNetwork.Parse("2000::/3");

    // Addresses of IPv4 as a network that speaks only IPv6 writes them.
    private static readonly IPNetwork Translated = IPNetwork.Parse("64:ff9b::/96");

    /// <summary>Whether an address may be connected to.</summary>
    public bool Allows(IPAddress address)
    {
        var plain = Plain(address);
        if (allowed.Any(network => network.Contains(plain))) return true;
        if (plain.AddressFamily is not (AddressFamily.InterNetwork or AddressFamily.InterNetworkV6)) return false;
        return (plain.AddressFamily == AddressFamily.InterNetwork || Internet6.Contains(plain)) && !NotInternet.Any(network => network.Contains(plain));
    }

    /// <summary>The address that a host stands for without asking anybody, when it may not be connected to; null when it may, or is a name to be asked for.</summary>
    /// <param name="host">The host of an address, without brackets.</param>
    public IPAddress? FindRefused(string host)
    {
        if (IPAddress.TryParse(host, out var address)) return Allows(address) ? null : address;
        var isHere = host.TrimEnd('.').Equals("localhost", StringComparison.OrdinalIgnoreCase) || host.TrimEnd('.').EndsWith(".localhost", StringComparison.OrdinalIgnoreCase);
        return isHere && !Allows(IPAddress.Loopback) && !Allows(IPAddress.IPv6Loopback) ? IPAddress.Loopback : null;
    }

    private static IPAddress Plain(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) return address.MapToIPv4();
        return address.AddressFamily == AddressFamily.InterNetworkV6 && Translated.Contains(address) ? new IPAddress(address.GetAddressBytes().AsSpan(12)) : address;
    }
}
