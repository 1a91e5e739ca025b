using Gateway.Admission;
using Gateway.Commands;
using Gateway.Contracts;
using Gateway.Engine;
using Gateway.Transport;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Gateway.Doors.Hubs;

/// <summary>Registers the SignalR door.</summary>
internal static class HubServices
{
    // SignalR's default of 30 s drops clients that live: a browser lets a tab in the background, and a laptop that saves power,
    // wake only once a minute or less often. A peer that has vanished is found sooner by the pings of the WebSocket.
    private static readonly TimeSpan s_clientTimeout = TimeSpan.FromMinutes(5);

    /// <summary>Adds the hub with its JSON and MessagePack protocols.</summary>
    public static IServiceCollection AddWorkflowHub(this IServiceCollection services)
    {
        services.AddSignalR(options =>
            {
                // A start_session carries a whole input or workflow; the same limit as over HTTP.
                options.MaximumReceiveMessageSize = CommandText.MaxBytes;
                options.ClientTimeoutInterval = s_clientTimeout;
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
        services.AddConnectionCommands();
        services.AddSingleton<HubClients>();
        services.AddTransient(s => new WorkflowHub(s.GetRequiredService<ConnectionCommands>(), s.GetRequiredService<HubClients>()));
        services.AddSingleton<StartCheck>();
        services.AddSingleton<HubErrorFilter>();
        services.AddSingleton<HubLimitFilter>();
        services.RemoveAll<IHubProtocol>();
        services.AddCallProtocol<JsonHubProtocol>();
        services.AddCallProtocol<MessagePackHubProtocol>();

        // SignalR logs every HubException as an error, but a refusal is an answer. HubErrorFilter logs the real errors.
        services.AddLogging(logging => logging.AddFilter("Microsoft.AspNetCore.SignalR.Internal.DefaultHubDispatcher", LogLevel.None));

        // SignalR logs a message that cannot be read, or is too large, as an error. CallProtocol logs it as the client's mistake.
        services.AddLogging(logging => logging.AddFilter("Microsoft.AspNetCore.SignalR.HubConnectionHandler", LogLevel.None));
        return services;
    }

    private static void AddCallProtocol<TProtocol>(this IServiceCollection services)
        where TProtocol : class, IHubProtocol
    {
        services.AddSingleton<TProtocol>();
        services.AddSingleton<IHubProtocol>(s => new CallProtocol(s.GetRequiredService<TProtocol>(), s.GetRequiredService<StartCheck>(), s.GetRequiredService<ClientLimits>(), s.GetRequiredService<ILogger<CallProtocol>>()));
    }
}
