using System.Text;

namespace Gateway.Transport;

/// <summary>The headers that change nothing about a plain upgrade: what browsers and client libraries send of themselves.</summary>
/// <remarks>
/// Not here, and so a reason for the ordinary way: whatever says who asks (cookies, authorization), whatever a proxy adds
/// (forwarded, x-forwarded-for, via), whatever asks for more than a bare WebSocket (a subprotocol, which can carry a bearer
/// token, or a body), trace contexts, and every header that is not known.
/// </remarks>
internal static class KnownHeaders
{
    private static readonly byte[][] Names = [.. new[]
    {
        "accept", "accept-encoding", "accept-language", "cache-control", "dnt", "pragma", "priority", "sec-gpc",
        "sec-websocket-extensions", "user-agent", "x-requested-with", "x-signalr-user-agent",
    }.Select(Encoding.ASCII.GetBytes)];

    // What browsers tell about the page and about themselves; pages cannot set them.
    private static readonly byte[][] Families = [.. new[] { "sec-ch-ua", "sec-fetch-" }.Select(Encoding.ASCII.GetBytes)];

    /// <summary>Whether a header may be passed over.</summary>
    public static bool Contains(ReadOnlySpan<byte> name)
    {
        foreach (var known in Names)
        {
            if (Ascii.EqualsIgnoreCase(name, known)) return true;
        }

        foreach (var family in Families)
        {
            if (name.Length >= family.Length && Ascii.EqualsIgnoreCase(name[..family.Length], family)) return true;
        }

        return false;
    }
}
