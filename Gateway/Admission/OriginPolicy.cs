using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace Gateway.Admission;

/// <summary>Which web pages may use the gateway: those of its own host, and those in <c>Gateway:AllowedOrigins</c>.</summary>
internal sealed class OriginPolicy(IOptions<OriginOptions> options)
{
    private readonly HashSet<string> _listed = new(
        options.Value.AllowedOrigins.Select(o => o.TrimEnd('/')),
        StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether a request to this host comes from a page that may use the gateway, or from no page at all.</summary>
    public bool Allows(StringValues origins, HostString host) =>
        origins.Count == 0 || (origins is [{ Length: > 0 } origin] && (IsListed(origin) || IsOwn(origin, host)));

    /// <summary>Whether the settings list an origin.</summary>
    public bool IsListed(string origin) => _listed.Contains(OriginOptions.Any) || _listed.Contains(origin);

    // Neither header need be an address at all. The scheme is the one the page was loaded with, because a proxy may have
    // ended TLS in front of the gateway.
    private static bool IsOwn(string origin, HostString host) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var page)
        && (page.Scheme == Uri.UriSchemeHttp || page.Scheme == Uri.UriSchemeHttps)
        && string.Equals(page.Host, host.Host, StringComparison.OrdinalIgnoreCase)
        && page.Port == (host.Port ?? (page.Scheme == Uri.UriSchemeHttps ? 443 : 80));
}
