namespace Gateway.WebSockets;

/// <summary>Which web pages may open WebSockets: those of the gateway's own host, and those it is told.</summary>
/// <remarks>Browsers apply no same-origin rule to WebSockets; without this check any page could steer sessions.</remarks>
internal sealed class OriginPolicy(IConfiguration configuration)
{
    private readonly HashSet<string> _allowed = new(
        (configuration.GetSection("Gateway:AllowedOrigins").Get<string[]>() ?? []).Select(o => o.TrimEnd('/')),
        StringComparer.OrdinalIgnoreCase);

    /// <summary>The allowed origins beside the gateway's own.</summary>
    public IReadOnlyCollection<string> AllowedOrigins => _allowed;

    /// <summary>Whether a request may open a WebSocket; one without an origin does not come from a browser.</summary>
    public bool Allows(HttpRequest request)
    {
        var origins = request.Headers.Origin;
        if (origins.Count == 0) return true;
        if (origins.Count > 1 || origins[0] is not { Length: > 0 } origin) return false;
        if (_allowed.Contains("*") || _allowed.Contains(origin)) return true;
        return Uri.TryCreate(origin, UriKind.Absolute, out var uri)
            && string.Equals(uri.Authority, new Uri($"{uri.Scheme}://{request.Host}").Authority, StringComparison.OrdinalIgnoreCase);
    }
}
