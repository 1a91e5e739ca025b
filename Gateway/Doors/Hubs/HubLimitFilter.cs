using Gateway.Admission;
using Gateway.Commands;
using Gateway.Contracts;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.Http.Connections.Features;
using Microsoft.AspNetCore.SignalR;

namespace Gateway.Doors.Hubs;

/// <summary>Counts the calls of a hub connection as the commands they are, and a connection of many polls as one connection.</summary>
/// <remarks>It runs within <see cref="HubErrorFilter"/>, which gives its refusal the wire form.</remarks>
internal sealed class HubLimitFilter(ConnectionCommands commands, HubClients clients, ConnectionLimiter connections) : IHubFilter
{
    private const string Place = "place";

    /// <inheritdoc/>
    public ValueTask<object?> InvokeMethodAsync(HubInvocationContext invocationContext, Func<HubInvocationContext, ValueTask<object?>> next)
    {
        commands.Count(clients.Of(invocationContext.Context), CommandTable.FindHubMethod(invocationContext.HubMethodName));
        return next(invocationContext);
    }

    /// <inheritdoc/>
    public async Task OnConnectedAsync(HubLifetimeContext context, Func<HubLifetimeContext, Task> next)
    {
        var caller = context.Context;
        if (caller.Features.Get<IHttpTransportFeature>()?.TransportType != HttpTransportType.LongPolling)
        {
            await next(context);
            return;
        }

        var place = connections.TryEnter(caller.GetHttpContext()?.Connection.RemoteIpAddress, out var refusal)
            ?? throw HubRefusal.Create(refusal!.Code, refusal.Sentence);
        try
        {
            caller.Items[Place] = place;
            await next(context);
        }
        catch
        {
            // SignalR does not call OnDisconnectedAsync for a connection that failed here.
            place.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public async Task OnDisconnectedAsync(HubLifetimeContext context, Exception? exception, Func<HubLifetimeContext, Exception?, Task> next)
    {
        try
        {
            await next(context, exception);
        }
        finally
        {
            if (context.Context.Items.TryGetValue(Place, out var place)) ((ConnectionPlace)place!).Dispose();
        }
    }
}
