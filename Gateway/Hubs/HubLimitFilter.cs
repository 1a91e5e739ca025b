using Gateway.Contracts;
using Gateway.Limits;
using Microsoft.AspNetCore.SignalR;

namespace Gateway.Hubs;

/// <summary>Counts the calls of a hub connection as the commands they are.</summary>
/// <remarks>Within <see cref="HubErrorFilter"/>, which gives its refusal the wire form.</remarks>
internal sealed class HubLimitFilter(ClientLimits limits) : IHubFilter
{
    private const string Key = "limits";

    /// <inheritdoc/>
    public ValueTask<object?> InvokeMethodAsync(HubInvocationContext invocationContext, Func<HubInvocationContext, ValueTask<object?>> next)
    {
        if (invocationContext.HubMethodName != nameof(IWorkflowHub.Ping)) Count(invocationContext.Context.Items);
        return next(invocationContext);
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
