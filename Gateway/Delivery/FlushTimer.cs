using Gateway.Telemetry;

namespace Gateway.Delivery;

/// <summary>Measures append to flush, when anyone listens.</summary>
internal sealed class FlushTimer(GatewayMetrics metrics, TimeProvider time)
{
    /// <summary>The moment of an append; 0 when nobody listens.</summary>
    public long Start() => metrics.MeasuresFlush ? time.GetTimestamp() : 0;

    /// <summary>Records a flush of what was appended at <paramref name="start"/>.</summary>
    public void Stop(long start)
    {
        if (start != 0) metrics.Flushed(time.GetElapsedTime(start));
    }
}
