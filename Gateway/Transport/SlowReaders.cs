using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Gateway.Transport;

/// <summary>Readers of a response may be as slow as they like.</summary>
internal static class SlowReaders
{
    /// <summary>Switches off Kestrel's minimum rate for this response: how slow is too slow is the stall timeout's business.</summary>
    public static void LetReadersBeSlow(this HttpContext context)
    {
        if (context.Features.Get<IHttpMinResponseDataRateFeature>() is { } rate) rate.MinDataRate = null;
    }
}
