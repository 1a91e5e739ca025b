using Gateway.Inbox;
using Gateway.Log;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Gateway.Commands;

/// <summary>Registers the room for commands.</summary>
internal static class CommandServices
{
    /// <summary>Adds the commands that every door takes; may be called again.</summary>
    public static IServiceCollection AddCommands(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<CommandText>();
        services.TryAddSingleton<WorkflowCommands>();
        services.TryAddSingleton<RefusalReport>();
        services.TryAddSingleton<StartResolver>();
        services.TryAddSingleton<DeletedSessions>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IDeletionListener, DeletedSessions>(provider => provider.GetRequiredService<DeletedSessions>()));
        services.TryAddSingleton<SessionCommands>();
        services.TryAddSingleton<ForkEditor>();
        services.TryAddSingleton<ForkCommands>();
        services.AddInbox();
        services.TryAddSingleton<InboxCommands>();
        return services;
    }

    /// <summary>Adds the commands of doors that have connections; may be called again.</summary>
    public static IServiceCollection AddConnectionCommands(this IServiceCollection services)
    {
        services.AddCommands();
        services.TryAddSingleton<ConnectionCommands>();
        return services;
    }
}
