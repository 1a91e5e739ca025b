using Gateway.Settings;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.Net.Http.Headers;

namespace Gateway.Admission;

/// <summary>Registers the rules for web pages of other hosts.</summary>
public static class OriginServices
{
    private static readonly TimeSpan PreflightAge = TimeSpan.FromMinutes(10);

    /// <summary>Adds the policy, and CORS for the origins in <c>Gateway:AllowedOrigins</c>.</summary>
    public static IServiceCollection AddOrigins(this IServiceCollection services)
    {
        services.AddOptions<OriginOptions>()
            .Configure<IConfiguration>((options, configuration) => options.AllowedOrigins = Read(configuration.GetSection($"{OriginOptions.Section}:{nameof(OriginOptions.AllowedOrigins)}")))
            .ValidateOnStart(OriginOptions.Section, new OriginOptionsValidator());
        services.AddSingleton<OriginPolicy>();
        services.AddCors();
        services.AddOptions<CorsOptions>().Configure<OriginPolicy>((cors, origins) => cors.AddDefaultPolicy(policy => policy
            .SetIsOriginAllowed(origins.IsListed)
            .WithMethods(HttpMethods.Get, HttpMethods.Post, HttpMethods.Delete)
            .AllowAnyHeader()
            // SignalR's browser client asks for credentials unless it is told not to.
            .AllowCredentials()
            .WithExposedHeaders(HeaderNames.Location)
            .SetPreflightMaxAge(PreflightAge)));
        return services;
    }

    // A list, or, since an environment variable is easiest written so, one text with commas.
    private static string[] Read(IConfigurationSection section) =>
        section.Value is { Length: > 0 } text
            ? text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            : section.Get<string[]>() ?? [];
}
