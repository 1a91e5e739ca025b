using Microsoft.AspNetCore.SignalR.Client;

namespace Gateway.Tests.Client;

/// <summary>Retries for ever, after the same wait each time.</summary>
internal sealed class FixedRetry(TimeSpan delay) : IRetryPolicy
{
    public TimeSpan? NextRetryDelay(RetryContext retryContext) => delay;
}
