namespace Gateway.Admission;

internal sealed partial class RefusedPages
{
    [LoggerMessage(AdmissionEvents.PageRefused, LogLevel.Warning, "A page of {Origin} was refused: the request names the host '{Host}', so the page is not the gateway's own. Add the origin to Gateway:AllowedOrigins, or have the proxy in front pass on the Host that the browser sent, with its port.")]
    private partial void LogPage(string origin, string host);

    [LoggerMessage(AdmissionEvents.HostRefused, LogLevel.Warning, "A request for the host '{Host}' was refused. If the gateway is known by this name, add it to AllowedHosts.")]
    private partial void LogHost(string host);
}
