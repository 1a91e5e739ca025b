using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace Gateway.Admission;

/// <summary>Which web pages may use the gateway: those of its own host, and those in <c>Gateway:AllowedOrigins</c>.</summary>
internal sealed class OriginPolicy(IOptions<OriginOptions> options)
{
    private readonly HashSet<string> _listed = new(
        options.Value.AllowedOrigins.Select(o => OriginOptions.Normalize(o) ?? o),
        StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether the settings list every page there is.</summary>
    public bool ListsAll => _listed.Contains(OriginOptions.Any);

    /// <summary>Whether a request to this host comes from a page that may use the gateway, or from no page at all.</summary>
    public bool Allows(StringValues origins, HostString host) =>
        origins.Count == 0 || (origins is [{ Length: > 0 } origin] && (IsListed(origin) || IsOwn(origin, host)));

    /// <summary>Whether the settings list an origin.</summary>
    public bool IsListed(string origin) => ListsAll || _listed.Contains(origin);

    // Neither header need be an address at all. The scheme is the one the page was loaded with, because a proxy may have
    // ended TLS in front of the gateway. The names of this machine are one host: a page and its socket often choose two of them.
    private static bool IsOwn(string origin, HostString host) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var page)
        && (page.Scheme == Uri.UriSchemeHttp || page.Scheme == Uri.UriSchemeHttps)
        && HostName.TryParse(page.Host, out var from)
        && HostName.TryParse(host.Value, out var own)
        && (from.Name == own.Name || (from.IsLoopback && own.IsLoopback))
        && page.Port == (own.Port ?? (page.Scheme == Uri.UriSchemeHttps ? 443 : 80));
}
