using System.Text.Json.Serialization.Metadata;
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
        services.AddSingleton<InboxStream>();
        services.AddSingleton<EventPages>();
        services.AddSingleton<SnapshotTexts>();
        services.Configure<JsonOptions>(options =>
        {
            // Read by what describes the API; its endpoints name the form of their messages themselves. The form of every other type is the host's.
            options.SerializerOptions.TypeInfoResolverChain.Insert(0, HttpJson.Wire.WithAddedModifier(WireForm.Set));
            options.SerializerOptions.TypeInfoResolverChain.Insert(0, ProblemJson.Wire.WithAddedModifier(WireForm.Set));
            options.SerializerOptions.TypeInfoResolverChain.Insert(0, ContractsJson.Wire.WithAddedModifier(WireForm.Set));
        });
        services.AddOpenApi(ApiDescription.Document, ApiDescription.Configure);
        return services;
    }
}
