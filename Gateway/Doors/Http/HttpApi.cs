using Gateway.Admission;
using Gateway.Commands;
using Gateway.Contracts;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Scalar.AspNetCore;

namespace Gateway.Doors.Http;

/// <summary>The HTTP door: workflows, sessions and their events under <c>/api/v1</c>, their description, and the page at <c>/</c>.</summary>
public static class HttpApi
{
    /// <summary>Where the routes live.</summary>
    public const string Root = GatewayPath.Api;

    /// <summary>Adds what <see cref="MapHttpApi"/> needs.</summary>
    public static IServiceCollection AddHttpApi(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<SessionCommands>();
        services.AddLimits();
        services.AddSingleton<HttpApiMarker>();
        services.AddSingleton<SseWires>();
        services.AddSingleton<SseConnections>();
        services.AddTransient<IStartupFilter, HttpApiStartupFilter>();
        services.Configure<JsonOptions>(options =>
        {
            options.SerializerOptions.TypeInfoResolverChain.Insert(0, HttpJson.Wire);
            options.SerializerOptions.TypeInfoResolverChain.Insert(0, ContractsJson.Wire);
            options.SerializerOptions.PropertyNamingPolicy = ContractsJson.Wire.Options.PropertyNamingPolicy;
            options.SerializerOptions.DefaultIgnoreCondition = ContractsJson.Wire.Options.DefaultIgnoreCondition;
            options.SerializerOptions.Encoder = ContractsJson.Wire.Options.Encoder;
            // Query values and bodies say what they are: "5" is a string, 5 is a number.
            options.SerializerOptions.NumberHandling = default;
        });
        services.AddOpenApi("v1", OpenApi.ApiDescription.Configure);
        return services;
    }

    /// <summary>Maps the API, its OpenAPI document at <c>/openapi/v1.json</c> and the page to try it at <c>/scalar</c>.</summary>
    /// <exception cref="InvalidOperationException"><see cref="AddHttpApi"/> was not called.</exception>
    public static IEndpointRouteBuilder MapHttpApi(this IEndpointRouteBuilder endpoints)
    {
        if (endpoints.ServiceProvider.GetService<HttpApiMarker>() is null)
        {
            throw new InvalidOperationException($"{nameof(MapHttpApi)} needs {nameof(AddHttpApi)}: call builder.Services.{nameof(AddHttpApi)}() before the host is built.");
        }

        var api = endpoints.MapGroup(Root).AddEndpointFilter<ApiExceptionFilter>();
        api.MapWorkflows();
        api.MapSessions();
        api.MapEvents();

        endpoints.MapOpenApi();
        // Nothing of this page comes from, or goes to, another host: it works without internet and tells nobody.
        endpoints.MapScalarApiReference("/scalar", options => options
            .WithTitle("Gateway API")
            .DisableAgent()
            .DisableMcp()
            .DisableTelemetry()
            .DisableDefaultFonts()
            .HideDeveloperTools()
            .HideClientButton());
        return endpoints;
    }
}
