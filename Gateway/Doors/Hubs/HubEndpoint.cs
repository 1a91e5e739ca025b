using Gateway.Contracts;
using Gateway.Transport;

namespace Gateway.Doors.Hubs;

/// <summary>Maps the SignalR door.</summary>
internal static class HubEndpoint
{
    // What SignalR's own transports queue for a client that does not read.
    private const int MaxQueuedBytes = 16 * 1024;

    // Longer than any write takes: a client that takes nothing is dropped after the stall timeout, and a slow one never.
    private static readonly TimeSpan s_sendTimeout = TimeSpan.FromDays(1);

    /// <summary>Maps the hub.</summary>
    public static IEndpointConventionBuilder MapWorkflowHub(this IEndpointRouteBuilder endpoints)
    {
        if (endpoints.ServiceProvider.GetService<HubErrorFilter>() is null) throw new InvalidOperationException($"{nameof(MapWorkflowHub)} needs {nameof(HubServices.AddWorkflowHub)}() on the services.");
        return endpoints.MapHub<WorkflowHub>(GatewayPath.Hub, options =>
        {
            options.AllowStatefulReconnects = false;
            options.TransportMaxBufferSize = MaxQueuedBytes;
            options.TransportSendTimeout = s_sendTimeout;
        }).CanOpenDirectly(GatewayPath.Hub);
    }
}
