using Gateway.Admission;
using Gateway.Lifetime;
using Gateway.Settings;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Gateway.Shutdown;

/// <summary>Registers the way the gateway shuts down.</summary>
internal static class DrainServices
{
    // SignalR, Kestrel and the store stop after the connections have been let go; they get this time.
    private static readonly TimeSpan ForTheRest = TimeSpan.FromSeconds(15);

    /// <summary>How long a stop takes at most, from the signal to the end of the host.</summary>
    public static TimeSpan LongestStop(ShutdownOptions options) => Drain.LongestOf(options) + ForTheRest;

    /// <summary>Adds the drain; needs the engine and delivery.</summary>
    public static IServiceCollection AddDrain(this IServiceCollection services)
    {
        services.AddAdmission();
        services.AddOptions<ShutdownOptions>().BindSettings(ShutdownOptions.Section).ValidateOnStart(ShutdownOptions.Section, new ShutdownOptionsValidator());
        services.TryAddSingleton<DrainState>();
        services.AddHostedService<StartGarbage>();
        services.AddSingleton<Drain>();
        services.AddHostedService<DrainService>();
        services.AddOptions<HostOptions>().PostConfigure<IOptions<ShutdownOptions>>((host, shutdown) =>
        {
            var needed = LongestStop(shutdown.Value);
            if (host.ShutdownTimeout < needed) host.ShutdownTimeout = needed;
        });
        return services;
    }
}
