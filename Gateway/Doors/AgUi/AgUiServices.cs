using Gateway.Settings;

namespace Gateway.Doors.AgUi;

/// <summary>Registers the door for front ends that speak AG-UI.</summary>
internal static class AgUiServices
{
    /// <summary>Adds what <see cref="AgUiEndpoints.MapAgUi"/> needs; nothing of it is made before the first request.</summary>
    public static IServiceCollection AddAgUi(this IServiceCollection services)
    {
        services.AddOptions<AgUiOptions>().BindSettings(AgUiOptions.Section).ValidateOnStart();
        services.AddSingleton<AgUiThreads>();
        services.AddSingleton<AgUiStreams>();
        return services;
    }
}
