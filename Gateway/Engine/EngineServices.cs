using Gateway.Settings;
using Gateway.Telemetry;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Gateway.Engine;

/// <summary>Registers the engine, and node kinds for it.</summary>
public static class EngineServices
{
    /// <summary>Adds a kind of node, so that workflows can have nodes of its type.</summary>
    /// <remarks>May be called before or after <c>AddGateway</c>. Two kinds with one type keep the gateway from starting.</remarks>
    public static IServiceCollection AddNodeKind<TKind>(this IServiceCollection services)
        where TKind : class, INodeKind => services.AddSingleton<INodeKind, TKind>();

    /// <summary>Runs sessions in this process; needs a session log, a publisher, a model catalog and node kinds.</summary>
    internal static IServiceCollection AddEngine(this IServiceCollection services)
    {
        services.AddOptions<SessionsOptions>().BindSettings(SessionsOptions.Section).ValidateOnStart(SessionsOptions.Section, new SessionsOptionsValidator());
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<NodeKinds>();
        services.AddSingleton(provider => provider.GetRequiredService<NodeKinds>().Shapes);
        services.AddSingleton<DryRun>();
        services.AddSingleton<LocalSessionHost>();
        services.AddSingleton<ISessionHost>(provider => provider.GetRequiredService<LocalSessionHost>());
        services.AddHostedService<SessionRecovery>();
        services.AddMetrics();
        services.TryAddSingleton<GatewayMetrics>();
        services.AddSingleton<CallMetrics>();
        services.AddHostedService(provider =>
        {
            // Made here so that the instruments exist from the start.
            _ = provider.GetRequiredService<CallMetrics>();
            return ActivatorUtilities.CreateInstance<SessionWaker>(provider);
        });
        services.AddHostedService<StorageRetry>();
        return services;
    }
}
