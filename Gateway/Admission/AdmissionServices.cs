using Gateway.Lifetime;
using Gateway.Settings;
using Gateway.Telemetry;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Net.Http.Headers;

namespace Gateway.Admission;

/// <summary>Registers what decides who is let in: hosts, web pages and limits.</summary>
internal static class AdmissionServices
{
    /// <summary>The name of the CORS policy for <c>Gateway:AllowedOrigins</c>; the default policy is the host's own.</summary>
    public const string CorsPolicy = "Gateway";

    private static readonly TimeSpan PreflightAge = TimeSpan.FromMinutes(10);

    /// <summary>Adds the admission, and CORS for the origins in <c>Gateway:AllowedOrigins</c>; may be called again.</summary>
    public static IServiceCollection AddAdmission(this IServiceCollection services)
    {
        if (services.Any(s => s.ServiceType == typeof(ConnectionAdmission))) return services;
        services.TryAddSingleton<GatewayMetrics>();
        services.TryAddSingleton<DrainState>();
        services.AddSingleton<ConnectionAdmission>();
        services.AddSingleton<AllowedHosts>();
        services.AddSingleton<ListenPolicy>();
        services.AddSingleton<RefusedPages>();
        services.AddOrigins();
        services.AddLimits();
        services.AddOptions<AuthOptions>().BindSettings(AuthOptions.Section).ValidateOnStart();
        return services;
    }

    private static void AddLimits(this IServiceCollection services)
    {
        services.AddOptions<LimitsOptions>().BindSettings(LimitsOptions.Section).ValidateOnStart(LimitsOptions.Section, new LimitsOptionsValidator());
        services.AddSingleton<ConnectionLimiter>();
        services.AddSingleton<ClientLimits>();
        services.AddSingleton<LargeMessages>();
    }

    private static void AddOrigins(this IServiceCollection services)
    {
        services.AddKnownSettings<OriginOptions>(OriginOptions.Section);
        services.AddOptions<OriginOptions>()
            .Configure<IConfiguration>((options, configuration) => options.AllowedOrigins = Read(configuration.GetSection($"{OriginOptions.Section}:{nameof(OriginOptions.AllowedOrigins)}")))
            .ValidateOnStart(OriginOptions.Section, new OriginOptionsValidator());
        services.AddSingleton<OriginPolicy>();
        services.AddCors();
        services.AddOptions<CorsOptions>().Configure<OriginPolicy>((cors, origins) => cors.AddPolicy(CorsPolicy, policy =>
        {
            policy
                .WithMethods(HttpMethods.Get, HttpMethods.Post, HttpMethods.Delete)
                .AllowAnyHeader()
                .WithExposedHeaders(HeaderNames.Location)
                .SetPreflightMaxAge(PreflightAge);

            // A page that nobody has named may not use what a proxy in front knows its visitor by.
            if (origins.ListsAll) policy.AllowAnyOrigin();
            // SignalR's browser client asks for credentials unless it is told not to.
            else policy.SetIsOriginAllowed(origins.IsListed).AllowCredentials();
        }));
    }

    // The setting is a list, or one text with commas, which is the easiest to write into an environment variable.
    private static string[] Read(IConfigurationSection section) =>
        section.Value is { Length: > 0 } text
            ? text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            : section.Get<string[]>() ?? [];
}
