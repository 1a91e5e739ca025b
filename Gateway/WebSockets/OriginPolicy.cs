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
        return Allows(origin, request.Host.Value);
    }

    /// <summary>Whether a page of an origin may open a WebSocket at a host; null: no browser.</summary>
    public bool Allows(string? origin, string? host)
    {
        if (origin is null || _allowed.Contains("*") || _allowed.Contains(origin)) return true;
        return Uri.TryCreate(origin, UriKind.Absolute, out var page)
            && Uri.TryCreate($"{page.Scheme}://{host}", UriKind.Absolute, out var own)
            && string.Equals(page.Authority, own.Authority, StringComparison.OrdinalIgnoreCase);
    }
}
