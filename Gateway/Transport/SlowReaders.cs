using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Gateway.Transport;

/// <summary>Lets the readers of a response be as slow as they like.</summary>
internal static class SlowReaders
{
    /// <summary>Switches off Kestrel's minimum rate for this response; the stall timeout drops a reader that takes nothing.</summary>
    public static void LetReadersBeSlow(this HttpContext context)
    {
        if (context.Features.Get<IHttpMinResponseDataRateFeature>() is { } rate) rate.MinDataRate = null;
    }
}
