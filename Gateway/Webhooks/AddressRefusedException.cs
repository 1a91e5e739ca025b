using System.Net;

namespace Gateway.Webhooks;

/// <summary>A host leads only to addresses that may not be connected to.</summary>
internal sealed class AddressRefusedException(string host, IReadOnlyList<IPAddress> addresses) : Exception(
    $"'{host}' leads to {(addresses.Count == 0 ? "no address" : string.Join(", ", addresses.Take(3)))}, where nothing is connected to: only addresses of the internet, and networks of {WebhooksOptions.Section}:{nameof(WebhooksOptions.AllowedNetworks)}.");
