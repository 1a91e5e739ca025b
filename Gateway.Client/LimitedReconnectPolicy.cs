using Microsoft.AspNetCore.SignalR.Client;

namespace Gateway.Client;

/// <summary>A retry policy that gives up: each wait is a step longer than the one before, and after the last try the client is closed.</summary>
/// <remarks>With its defaults it is that of the browsers the gateway serves: five tries, after 3, 6, 9, 12 and 15 seconds.</remarks>
/// <param name="attempts">How many tries; 5 by default.</param>
/// <param name="step">By how much each wait is longer; 3 seconds when null.</param>
public sealed class LimitedReconnectPolicy(int attempts = 5, TimeSpan? step = null) : IRetryPolicy
{
    /// <summary>The message with which the client closes after the last try.</summary>
    public const string GivenUp = "Max reconnection attempts reached";

    private readonly TimeSpan _step = step ?? TimeSpan.FromSeconds(3);

    /// <inheritdoc/>
    public TimeSpan? NextRetryDelay(RetryContext retryContext)
    {
        ArgumentNullException.ThrowIfNull(retryContext);
        return retryContext.PreviousRetryCount < attempts ? _step * (retryContext.PreviousRetryCount + 1) : null;
    }
}
