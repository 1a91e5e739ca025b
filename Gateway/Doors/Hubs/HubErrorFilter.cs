using Gateway.Commands;
using Gateway.Contracts;
using Gateway.Refusals;
using Microsoft.AspNetCore.SignalR;

namespace Gateway.Doors.Hubs;

/// <summary>Answers a call that fails with the refusal that every door gives.</summary>
internal sealed class HubErrorFilter(RefusalReport refusals) : IHubFilter
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
        catch (OperationCanceledException) when (invocationContext.Context.ConnectionAborted.IsCancellationRequested)
        {
            throw new HubException("The connection has ended.");
        }
        catch (Exception exception) when (exception is not HubException)
        {
            throw HubRefusal.Create(refusals.Report($"The hub's {invocationContext.HubMethodName}", exception));
        }
    }
}
