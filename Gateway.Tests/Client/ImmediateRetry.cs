using Microsoft.AspNetCore.SignalR.Client;

namespace Gateway.Tests.Client;

/// <summary>Retries without a wait, as often as asked for.</summary>
internal sealed class ImmediateRetry(long tries = long.MaxValue, Action? onRetry = null, Action<RetryContext>? onContext = null) : IRetryPolicy
{
    public TimeSpan? NextRetryDelay(RetryContext retryContext)
    {
        onRetry?.Invoke();
        onContext?.Invoke(retryContext);
        return retryContext.PreviousRetryCount < tries ? TimeSpan.Zero : null;
    }
}
