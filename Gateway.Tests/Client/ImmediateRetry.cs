using Microsoft.AspNetCore.SignalR.Client;

namespace Gateway.Tests.Client;

/// <summary>Retries without a wait, as often as asked for.</summary>
internal sealed class ImmediateRetry(long tries = long.MaxValue) : IRetryPolicy
{
    public TimeSpan? NextRetryDelay(RetryContext retryContext) => retryContext.PreviousRetryCount < tries ? TimeSpan.Zero : null;
}
