using Gateway.Admission;
using Gateway.Contracts;
using Gateway.Engine;
using Gateway.Transport;
using Gateway.Workflows;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Gateway.Doors.Hubs;

/// <summary>Registers and maps the SignalR door.</summary>
public static class HubServices
{
    /// <summary>The largest message that is read, in bytes.</summary>
    internal const int MaxMessageLength = 2 * 1024 * 1024;

    // What SignalR's own transports queue for a client that does not read.
    private const int MaxQueuedBytes = 16 * 1024;

    // Beyond what any write takes: who takes nothing is dropped after the stall timeout, who is slow never.
    private static readonly TimeSpan s_sendTimeout = TimeSpan.FromDays(1);

    /// <summary>Adds the hub with its JSON and MessagePack protocols.</summary>
    public static IServiceCollection AddWorkflowHub(this IServiceCollection services)
    {
        services.AddSignalR(options =>
            {
                // A start_session carries a whole input or workflow; the same limit as over HTTP.
                options.MaximumReceiveMessageSize = MaxMessageLength;
                options.AddFilter<HubErrorFilter>();
                options.AddFilter<HubLimitFilter>();
            })
            .AddJsonProtocol(options => options.PayloadSerializerOptions = new(ContractsJson.Wire.Options))
            .AddMessagePackProtocol(options => options.SerializerOptions = ContractsMessagePack.Options);
        services.AddSingleton<HubWires>();
        services.AddSingleton<SessionHubLifetimeManager>();
        services.AddSingleton<HubLifetimeManager<WorkflowHub>>(s => s.GetRequiredService<SessionHubLifetimeManager>());
        services.AddSingleton<ISessionPublisher, SessionPublisher>();
        services.AddSingleton<IDirectEndpoint, DirectHub>();
        services.AddSingleton<HubErrorFilter>();
        services.AddSingleton<HubLimitFilter>();
        services.RemoveAll<IHubProtocol>();
        services.AddCallProtocol<JsonHubProtocol>();
        services.AddCallProtocol<MessagePackHubProtocol>();

        // SignalR logs every HubException as an error, but a refusal is an answer; HubErrorFilter logs what is none.
        services.AddLogging(logging => logging.AddFilter("Microsoft.AspNetCore.SignalR.Internal.DefaultHubDispatcher", LogLevel.None));

        // It logs what a client sends and is no message, or too large a one, as an error; CallProtocol logs what it is.
        services.AddLogging(logging => logging.AddFilter("Microsoft.AspNetCore.SignalR.HubConnectionHandler", LogLevel.None));
        return services;
    }

    /// <summary>Maps the hub.</summary>
    public static HubEndpointConventionBuilder MapWorkflowHub(this IEndpointRouteBuilder endpoints)
    {
        if (endpoints.ServiceProvider.GetService<HubErrorFilter>() is null) throw new InvalidOperationException("MapWorkflowHub needs AddWorkflowHub() on the services.");
        return endpoints.MapHub<WorkflowHub>(GatewayPath.Hub, options =>
        {
            options.AllowStatefulReconnects = false;
            options.TransportMaxBufferSize = MaxQueuedBytes;
            options.TransportSendTimeout = s_sendTimeout;
        });
    }

    private static void AddCallProtocol<TProtocol>(this IServiceCollection services)
        where TProtocol : class, IHubProtocol
    {
        services.AddSingleton<TProtocol>();
        services.AddSingleton<IHubProtocol>(s => new CallProtocol(s.GetRequiredService<TProtocol>(), s.GetRequiredService<ClientLimits>(), s.GetRequiredService<InlineWorkflow>(), s.GetRequiredService<ILogger<CallProtocol>>()));
    }
}
