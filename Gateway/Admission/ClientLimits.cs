using Gateway.Contracts;
using Gateway.Refusals;
using Gateway.Telemetry;
using Microsoft.Extensions.Options;

namespace Gateway.Admission;

/// <summary>What one connection may ask for, on every door.</summary>
internal sealed class ClientLimits(IOptions<LimitsOptions> options, GatewayMetrics metrics, TimeProvider time)
{
    private readonly LimitsOptions _options = options.Value;
    private readonly long _interval = options.Value.CommandsPerSecond == 0 ? 0 : time.TimestampFrequency / options.Value.CommandsPerSecond;

    /// <summary>Counts a command.</summary>
    /// <exception cref="GatewayException"><c>limit_exceeded</c>: the connection sends too many; nothing has happened.</exception>
    public void RequireCommand(ref CommandAllowance allowance)
    {
        if (_interval == 0 || allowance.TryTake(time.GetTimestamp(), _interval, _options.CommandBurst)) return;
        metrics.Refused(LimitNames.Commands);
        throw new GatewayException(
            ErrorCode.LimitExceeded,
            $"A connection may send {_options.CommandsPerSecond} commands a second, and {_options.CommandBurst} at once ({LimitsOptions.Section}:{nameof(LimitsOptions.CommandsPerSecond)}, {nameof(LimitsOptions.CommandBurst)}); wait a moment and send it again.");
    }

    /// <summary>Checks for room for one more subscription.</summary>
    /// <exception cref="GatewayException"><c>too_many_subscriptions</c>: the connection has as many as it may have. Unlike other limits this one does not pass by itself.</exception>
    public void RequireSubscription(int count)
    {
        if (count < _options.MaxSubscriptionsPerConnection) return;
        metrics.Refused(LimitNames.Subscriptions);
        throw new GatewayException(
            ErrorCode.TooManySubscriptions,
            $"A connection may subscribe to {_options.MaxSubscriptionsPerConnection} sessions ({LimitsOptions.Section}:{nameof(LimitsOptions.MaxSubscriptionsPerConnection)}); unsubscribe from one, or open another connection.");
    }

    /// <summary>Counts a message that is larger than allowed.</summary>
    public void RefusedMessage() => metrics.Refused(LimitNames.MessageBytes);
}
