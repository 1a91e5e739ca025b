namespace Gateway.Admission;

/// <summary>Tells the operator which hosts and pages were refused, each once.</summary>
/// <remarks>
/// A browser does not show its page why a WebSocket was refused, so the log is where the reason is found. It must not be
/// flooded by somebody who makes names up: only the first few are told.
/// </remarks>
internal sealed partial class RefusedPages(ILogger<RefusedPages> logger)
{
    private const int MaxTold = 100;
    private const int MaxLength = 100;

    private readonly HashSet<(string, string)> _told = [];

    /// <summary>A page was refused.</summary>
    public void Page(string origin, string host)
    {
        (origin, host) = (Cut(origin), Cut(host));
        if (IsNews(origin, host)) LogPage(origin, host);
    }

    /// <summary>A host was refused.</summary>
    public void Host(string host)
    {
        host = Cut(host);
        if (IsNews(string.Empty, host)) LogHost(host);
    }

    private bool IsNews(string origin, string host)
    {
        lock (_told) return _told.Count < MaxTold && _told.Add((origin, host));
    }

    private static string Cut(string text) => text.Length > MaxLength ? text[..MaxLength] : text;
}
