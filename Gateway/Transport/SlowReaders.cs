using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Gateway.Transport;

/// <summary>How slow the readers of a response may be.</summary>
internal static class SlowReaders
{
    // Kestrel's own rate, 240 bytes, lets somebody take hours for a page.
    private static readonly MinDataRate PageRate = new(bytesPerSecond: 4 * 1024, gracePeriod: TimeSpan.FromSeconds(10));

    /// <summary>Drops a reader that takes less than a few kilobytes a second.</summary>
    public static void RequireReading(this HttpContext context)
    {
        if (context.Features.Get<IHttpMinResponseDataRateFeature>() is { } rate) rate.MinDataRate = PageRate;
    }

    /// <summary>Switches off Kestrel's minimum rate for this response; the stall timeout drops a reader that takes nothing.</summary>
    public static void LetReadersBeSlow(this HttpContext context)
    {
        if (context.Features.Get<IHttpMinResponseDataRateFeature>() is { } rate) rate.MinDataRate = null;
    }
}
