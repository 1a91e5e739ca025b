using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.Net.Http.Headers;

namespace Gateway.Origins;

/// <summary>Registers and applies the rules for web pages of other hosts.</summary>
public static class OriginServices
{
    private static readonly TimeSpan PreflightAge = TimeSpan.FromMinutes(10);

    /// <summary>Adds the policy, and CORS for the origins in <c>Gateway:AllowedOrigins</c>.</summary>
    public static IServiceCollection AddOrigins(this IServiceCollection services)
    {
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

    /// <summary>Applies the rules to every address; goes after whatever recognises WebSockets.</summary>
    public static IApplicationBuilder UseOrigins(this IApplicationBuilder app)
    {
        if (app.ApplicationServices.GetService<OriginPolicy>() is null) throw new InvalidOperationException("UseOrigins needs AddOrigins() on the services.");
        return app.UseCors().UseMiddleware<OriginGate>();
    }
}
