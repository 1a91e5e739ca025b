using Gateway.Log;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Gateway.Inbox;

/// <summary>Registers the inbox: what waits for a person, over all sessions.</summary>
internal static class InboxServices
{
    /// <summary>Adds the inbox of the session log.</summary>
    public static IServiceCollection AddInbox(this IServiceCollection services)
    {
        // Of a log of the host's own that keeps no index, the inbox says so when it is asked.
        services.TryAddSingleton(provider => provider.GetRequiredService<ISessionLog>() is var log && log is ILogPrompts prompts ? prompts : new NoPrompts(log));
        services.TryAddSingleton<InboxFeed>();
        return services;
    }
}
