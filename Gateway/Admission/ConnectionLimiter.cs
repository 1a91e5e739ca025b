using System.Net;
using Gateway.Contracts;
using Gateway.Lifetime;
using Gateway.Telemetry;
using Microsoft.Extensions.Options;

namespace Gateway.Admission;

/// <summary>Counts the connections of all doors; refuses those above the limit, and all while the gateway shuts down.</summary>
internal sealed class ConnectionLimiter(IOptions<LimitsOptions> options, DrainState drain, GatewayMetrics metrics)
{
    private readonly Lock _gate = new();
    private readonly LimitsOptions _options = options.Value;
    private readonly Dictionary<IPAddress, int> _perAddress = [];
    private int _count;
    private TaskCompletionSource? _empty;

    /// <summary>Connections at this moment.</summary>
    public int Count
    {
        get
        {
            lock (_gate) return _count;
        }
    }

    /// <summary>Takes a place; returns null and the refusal when there is none, which the metrics count.</summary>
    public ConnectionPlace? TryEnter(IPAddress? address, out ConnectionRefusal? refusal)
    {
        var place = TryEnterUncounted(address, out refusal);
        if (place is null) CountRefusal(refusal!);
        return place;
    }

    /// <summary>Takes a place for a caller that hands a refused connection on to another one, whose refusal is then counted.</summary>
    public ConnectionPlace? TryEnterUncounted(IPAddress? address, out ConnectionRefusal? refusal)
    {
        // An address is kept only when connections are limited by address.
        if (_options.MaxConnectionsPerAddress == 0) address = null;
        else if (address is { IsIPv4MappedToIPv6: true }) address = address.MapToIPv4();

        lock (_gate)
        {
            refusal = FindRefusalLocked(address);
            if (refusal is null)
            {
                _count++;
                if (address is not null) _perAddress[address] = _perAddress.GetValueOrDefault(address) + 1;
                return new ConnectionPlace(this, address);
            }
        }

        return null;
    }

    /// <summary>Why a connection that is being prepared would be refused; null when there is room.</summary>
    public ConnectionRefusal? FindRefusal()
    {
        ConnectionRefusal? refusal;
        lock (_gate) refusal = FindRefusalLocked(null);
        if (refusal is not null) CountRefusal(refusal);
        return refusal;
    }

    /// <summary>Completes when no connection is left.</summary>
    public Task WhenEmptyAsync()
    {
        lock (_gate)
        {
            if (_count == 0) return Task.CompletedTask;
            _empty ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _empty.Task;
        }
    }

    internal void Leave(IPAddress? address)
    {
        lock (_gate)
        {
            if (address is not null && --_perAddress[address] == 0) _perAddress.Remove(address);
            if (--_count > 0) return;
            _empty?.TrySetResult();
            _empty = null;
        }
    }

    private ConnectionRefusal? FindRefusalLocked(IPAddress? address)
    {
        if (drain.IsDraining)
        {
            return new ConnectionRefusal(ErrorCode.ShuttingDown, StatusCodes.Status503ServiceUnavailable, "The gateway is shutting down and takes no new connections; connect again in a moment.", null);
        }

        if (_options.MaxConnections > 0 && _count >= _options.MaxConnections)
        {
            return new ConnectionRefusal(
                ErrorCode.LimitExceeded,
                StatusCodes.Status503ServiceUnavailable,
                $"The gateway serves {_options.MaxConnections} connections already ({LimitsOptions.Section}:{nameof(LimitsOptions.MaxConnections)}); try again later.",
                LimitNames.Connections);
        }

        if (address is not null && _perAddress.GetValueOrDefault(address) >= _options.MaxConnectionsPerAddress)
        {
            return new ConnectionRefusal(
                ErrorCode.LimitExceeded,
                StatusCodes.Status429TooManyRequests,
                $"Your address has {_options.MaxConnectionsPerAddress} connections already ({LimitsOptions.Section}:{nameof(LimitsOptions.MaxConnectionsPerAddress)}); close one first.",
                LimitNames.ConnectionsPerAddress);
        }

        return null;
    }

    private void CountRefusal(ConnectionRefusal refusal)
    {
        if (refusal.Limit is { } limit) metrics.Refused(limit);
    }
}
