using Microsoft.AspNetCore.SignalR.Client;

namespace Gateway.Client;

/// <summary>The default retry policy: at once, then twice as long each time with jitter, for ever.</summary>
/// <param name="firstDelay">Longest wait before the second try; 1 second when null.</param>
/// <param name="maxDelay">Longest wait of all; 30 seconds when null.</param>
/// <param name="random">Gives numbers from 0 up to 1; the shared random source when null.</param>
public sealed class ReconnectPolicy(TimeSpan? firstDelay = null, TimeSpan? maxDelay = null, Func<double>? random = null) : IRetryPolicy
{
    private readonly TimeSpan _firstDelay = firstDelay ?? TimeSpan.FromSeconds(1);
    private readonly TimeSpan _maxDelay = maxDelay ?? TimeSpan.FromSeconds(30);
    private readonly Func<double> _random = random ?? Random.Shared.NextDouble;

    /// <inheritdoc/>
    public TimeSpan? NextRetryDelay(RetryContext retryContext)
    {
        ArgumentNullException.ThrowIfNull(retryContext);
        return Delay(retryContext.PreviousRetryCount, _firstDelay, _maxDelay, _random());
    }

    /// <summary>The wait before a try: zero for the first, else between half and the whole of a doubling limit.</summary>
    /// <param name="previousTries">How many tries have failed since the connection was lost.</param>
    /// <param name="firstDelay">The limit for the second try.</param>
    /// <param name="maxDelay">Where the limit stops to grow.</param>
    /// <param name="random">From 0 up to 1: where between half and whole the wait falls.</param>
    internal static TimeSpan Delay(long previousTries, TimeSpan firstDelay, TimeSpan maxDelay, double random)
    {
        if (previousTries <= 0) return TimeSpan.Zero;
        var limit = Math.Min(maxDelay.TotalMilliseconds, firstDelay.TotalMilliseconds * Math.Pow(2, previousTries - 1));
        return TimeSpan.FromMilliseconds(limit * (0.5 + (random / 2)));
    }
}
