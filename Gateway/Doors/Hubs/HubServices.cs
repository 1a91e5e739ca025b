using Gateway.Commands;
using Gateway.Engine;
using Gateway.Transport;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Options;

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
        services.AddSignalR().AddHubOptions<WorkflowHub>(options =>
        {
            // A start_session carries a whole input or workflow; the same limit as over HTTP.
            options.MaximumReceiveMessageSize = CommandText.MaxBytes;
            options.ClientTimeoutInterval = s_clientTimeout;
            options.SupportedProtocols = [.. HubProtocols.Names];
            options.AddFilter<HubErrorFilter>();
            options.AddFilter<HubLimitFilter>();
        });
        services.AddSingleton<HubProtocols>();
        services.AddSingleton(s => new HubConnectionHandler<WorkflowHub>(
            s.GetRequiredService<HubLifetimeManager<WorkflowHub>>(),
            s.GetRequiredService<HubProtocols>(),
            s.GetRequiredService<IOptions<HubOptions>>(),
            s.GetRequiredService<IOptions<HubOptions<WorkflowHub>>>(),
            new HubLoggers(s.GetRequiredService<ILoggerFactory>()),
            s.GetRequiredService<IUserIdProvider>(),
            s.GetRequiredService<IServiceScopeFactory>()));
        services.AddSingleton<HubWires>();
        services.AddSingleton<SessionHubLifetimeManager>();
        services.AddSingleton<HubLifetimeManager<WorkflowHub>>(s => s.GetRequiredService<SessionHubLifetimeManager>());
        services.AddSingleton<ISessionPublisher, SessionPublisher>();
        services.AddSingleton<IDirectEndpoint, DirectHub>();
        services.AddConnectionCommands();
        services.AddSingleton<HubClients>();
        services.AddSingleton<HubInbox>();
        services.AddTransient(s => new WorkflowHub(s.GetRequiredService<ConnectionCommands>(), s.GetRequiredService<HubInbox>(), s.GetRequiredService<HubClients>()));
        services.AddSingleton<StartCheck>();
        services.AddSingleton<HubErrorFilter>();
        services.AddSingleton<HubLimitFilter>();
        return services;
    }
}
