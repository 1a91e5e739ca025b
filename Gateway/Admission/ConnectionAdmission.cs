using Gateway.Contracts;

namespace Gateway.Admission;

/// <summary>The one place that decides whether a request is let in, whichever way it came.</summary>
/// <remarks>
/// The order of the questions is the order of the refusals: the host, the web page, then the limits. A question about who
/// asks belongs between the page and the limits, so that a stranger takes nobody's place.
/// </remarks>
internal sealed class ConnectionAdmission(AllowedHosts hosts, OriginPolicy origins, ConnectionLimiter limiter, RefusedPages refused)
{
    private static readonly ConnectionRefusal HostRefusal = new(ErrorCode.InvalidData, StatusCodes.Status400BadRequest, "The gateway does not answer for this host; add it to AllowedHosts.", null);
    private static readonly ConnectionRefusal OriginRefusal = new(ErrorCode.OriginNotAllowed, StatusCodes.Status403Forbidden, "This page's origin may not use the gateway; add it to Gateway:AllowedOrigins.", null);

    /// <summary>Decides on a request.</summary>
    public AdmissionResult Judge(in AdmissionRequest request)
    {
        if (FindRefusal(request) is { } refusal)
        {
            if (refusal == HostRefusal) refused.Host(request.Host.Value ?? string.Empty);
            else refused.Page(request.Origin.ToString(), request.Host.Value ?? string.Empty);
            return new AdmissionResult(null, refusal);
        }

        if (request.Need == PlaceNeed.Later) return new AdmissionResult(null, limiter.FindRefusal());
        if (request.Need == PlaceNeed.None) return default;
        var place = limiter.TryEnter(request.Address, out refusal);
        return new AdmissionResult(place, refusal);
    }

    /// <summary>Decides on a request that is judged again when it is refused: the metrics count the refusal only then.</summary>
    public ConnectionPlace? TryEnter(in AdmissionRequest request) =>
        FindRefusal(request) is null ? limiter.TryEnterUncounted(request.Address, out _) : null;

    private ConnectionRefusal? FindRefusal(in AdmissionRequest request)
    {
        if (!hosts.Allows(request.Host)) return HostRefusal;
        return request.Acts && !origins.Allows(request.Origin, request.Host) ? OriginRefusal : null;
    }
}
