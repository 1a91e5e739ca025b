using Gateway.Admission;
using Gateway.Contracts;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.Http.Connections.Features;
using Microsoft.AspNetCore.SignalR;

namespace Gateway.Doors.Hubs;

/// <summary>Counts the calls of a hub connection as the commands they are, and connections of many polls as one each.</summary>
/// <remarks>Within <see cref="HubErrorFilter"/>, which gives its refusal the wire form.</remarks>
internal sealed class HubLimitFilter(ClientLimits limits, ConnectionLimiter connections) : IHubFilter
{
    private const string Key = "limits";
    private const string Place = "place";

    /// <inheritdoc/>
    public ValueTask<object?> InvokeMethodAsync(HubInvocationContext invocationContext, Func<HubInvocationContext, ValueTask<object?>> next)
    {
        if (invocationContext.HubMethodName != nameof(IWorkflowHub.Ping)) Count(invocationContext.Context.Items);
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
            ?? throw new HubException($"{refusal!.Code}: {refusal.Sentence}");
        try
        {
            caller.Items[Place] = place;
            await next(context);
        }
        catch
        {
            // Without OnDisconnectedAsync, then.
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

    // Kept only for connections that send something; SignalR runs one call of a connection at a time.
    private void Count(IDictionary<object, object?> items)
    {
        if (!items.TryGetValue(Key, out var item)) items[Key] = item = new Box();
        limits.RequireCommand(ref ((Box)item!).Allowance);
    }

    private sealed class Box
    {
        public CommandAllowance Allowance;
    }
}
