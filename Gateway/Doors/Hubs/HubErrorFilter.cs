using Gateway.Contracts;
using Gateway.Log;
using Gateway.Refusals;
using Microsoft.AspNetCore.SignalR;

namespace Gateway.Doors.Hubs;

/// <summary>Gives refusals their wire form on the hub: a message <c>code: sentence</c>.</summary>
public sealed partial class HubErrorFilter(ILogger<HubErrorFilter> logger) : IHubFilter
{
    /// <inheritdoc/>
    public async ValueTask<object?> InvokeMethodAsync(HubInvocationContext invocationContext, Func<HubInvocationContext, ValueTask<object?>> next)
    {
        try
        {
            foreach (var argument in invocationContext.HubMethodArguments)
            {
                if (argument is null) throw new GatewayException(ErrorCode.InvalidData, $"'{invocationContext.HubMethodName}' needs its argument; null was sent.");
            }

            return await next(invocationContext);
        }
        catch (GatewayException refusal)
        {
            throw new HubException($"{refusal.Code}: {refusal.Message}");
        }
        catch (StorageException exception)
        {
            LogStorage(invocationContext.HubMethodName, exception);
            throw new HubException($"{ErrorCode.StorageUnavailable}: The session log does not work at the moment; try again.");
        }
        catch (OperationCanceledException) when (invocationContext.Context.ConnectionAborted.IsCancellationRequested)
        {
            throw new HubException("The connection has ended.");
        }
        catch (Exception exception) when (exception is not HubException)
        {
            LogUnexpected(invocationContext.HubMethodName, exception);
            throw new HubException($"{ErrorCode.InternalError}: The gateway failed to do this; its log says why.");
        }
    }

    [LoggerMessage(EventId = 4001, Level = LogLevel.Warning, Message = "Hub method {Method} met a store that does not work")]
    private partial void LogStorage(string method, Exception exception);

    [LoggerMessage(EventId = 4002, Level = LogLevel.Error, Message = "Hub method {Method} failed unexpectedly")]
    private partial void LogUnexpected(string method, Exception exception);
}
