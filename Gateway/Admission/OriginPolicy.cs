using Microsoft.Extensions.Options;

namespace Gateway.Admission;

/// <summary>Which web pages may use the gateway: those of its own host, and those it is told in <c>Gateway:AllowedOrigins</c>.</summary>
internal sealed class OriginPolicy(IOptions<OriginOptions> options)
{
    private const string Any = OriginOptions.Any;

    private readonly HashSet<string> _listed = new(
        options.Value.AllowedOrigins.Select(o => o.TrimEnd('/')),
        StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether a request comes from a page that may use the gateway, or from no page at all.</summary>
    public bool Allows(HttpRequest request)
    {
        var origins = request.Headers.Origin;
        if (origins.Count == 0) return true;
        return origins is [{ Length: > 0 } origin] && Allows(origin, request.Host);
    }

    /// <summary>The same, for an origin and a host that were read from elsewhere.</summary>
    public bool Allows(string origin, HostString host) => IsListed(origin) || IsOwn(origin, host);

    /// <summary>Whether an origin is one of those the gateway is told.</summary>
    public bool IsListed(string origin) => _listed.Contains(Any) || _listed.Contains(origin);

    // Neither header is to be trusted to be an address; and the scheme is the page's, since a proxy may end TLS.
    private static bool IsOwn(string origin, HostString host) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var page)
        && (page.Scheme == Uri.UriSchemeHttp || page.Scheme == Uri.UriSchemeHttps)
        && string.Equals(page.Host, host.Host, StringComparison.OrdinalIgnoreCase)
        && page.Port == (host.Port ?? (page.Scheme == Uri.UriSchemeHttps ? 443 : 80));
}
