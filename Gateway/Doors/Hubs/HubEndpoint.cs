using Gateway.Admission;
using Gateway.Contracts;
using Gateway.Transport;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR;

namespace Gateway.Doors.Hubs;

/// <summary>Maps the SignalR door.</summary>
internal static class HubEndpoint
{
    // What SignalR's own transports queue for a client that does not read.
    private const int MaxQueuedBytes = 16 * 1024;

    // What SignalR's own transports read before the hub has looked at it; as on a connection that was opened directly.
    private const int MaxReadAhead = 32 * 1024;

    // Longer than any write takes: a client that takes nothing is dropped after the stall timeout, and a slow one never.
    private static readonly TimeSpan s_sendTimeout = TimeSpan.FromDays(1);

    /// <summary>Maps the hub.</summary>
    public static IEndpointConventionBuilder MapWorkflowHub(this IEndpointRouteBuilder endpoints)
    {
        if (endpoints.ServiceProvider.GetService<HubErrorFilter>() is null) throw new InvalidOperationException($"{nameof(MapWorkflowHub)} needs {nameof(HubServices.AddWorkflowHub)}() on the services.");
        var large = endpoints.ServiceProvider.GetRequiredService<LargeMessages>();
        var options = new HttpConnectionDispatcherOptions
        {
            AllowStatefulReconnects = false,
            ApplicationMaxBufferSize = MaxReadAhead,
            TransportMaxBufferSize = MaxQueuedBytes,
            TransportSendTimeout = s_sendTimeout,
        };

        // As MapHub does it, which lets nothing stand between the connection and the hub.
        var hub = endpoints.MapConnections(GatewayPath.Hub, options, builder => builder.Use(next => connection => RunAsync(connection, next, large)).UseHub<WorkflowHub>());
        hub.Add(endpoint => endpoint.Metadata.Add(new HubMetadata(typeof(WorkflowHub))));
        return hub.CanOpenDirectly(GatewayPath.Hub);
    }

    private static async Task RunAsync(ConnectionContext connection, ConnectionDelegate hub, LargeMessages large)
    {
        var transport = connection.Transport;
        using var reader = new CallReader(transport.Input, large);
        connection.Features.Set(reader);
        connection.Transport = new DuplexPipe(reader, transport.Output);
        try
        {
            await hub(connection);
        }
        finally
        {
            connection.Transport = transport;
        }
    }
}
