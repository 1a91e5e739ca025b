using Gateway.Admission;
using Gateway.Commands;
using Gateway.Contracts;
using Gateway.Doors.Http.Answers;
using Gateway.Doors.Http.OpenApi;
using Microsoft.AspNetCore.Http.Json;

namespace Gateway.Doors.Http;

/// <summary>Registers the HTTP door: workflows, sessions and their events under <c>/api/v1</c>, and their description.</summary>
internal static class HttpServices
{
    /// <summary>Adds what <see cref="HttpEndpoints.MapHttpApi"/> needs.</summary>
    public static IServiceCollection AddHttpApi(this IServiceCollection services)
    {
        services.AddCommands();
        services.AddAdmission();
        services.AddSingleton<HttpApiMarker>();
        services.AddSingleton<EventStream, SseStream>();
        services.AddSingleton<EventStreams>();
        services.AddSingleton<StreamConnections>();
        services.AddSingleton<EventPages>();
        services.AddSingleton<SnapshotTexts>();
        services.Configure<JsonOptions>(options =>
        {
            options.SerializerOptions.TypeInfoResolverChain.Insert(0, HttpJson.Wire);
            options.SerializerOptions.TypeInfoResolverChain.Insert(0, ProblemJson.Wire);
            options.SerializerOptions.TypeInfoResolverChain.Insert(0, ContractsJson.Wire);
            options.SerializerOptions.PropertyNamingPolicy = ContractsJson.Wire.Options.PropertyNamingPolicy;
            options.SerializerOptions.DefaultIgnoreCondition = ContractsJson.Wire.Options.DefaultIgnoreCondition;
            options.SerializerOptions.Encoder = ContractsJson.Wire.Options.Encoder;
            // Query values and bodies say what they are: "5" is a string, 5 is a number.
            options.SerializerOptions.NumberHandling = default;
        });
        services.AddOpenApi("v1", ApiDescription.Configure);
        return services;
    }
}
