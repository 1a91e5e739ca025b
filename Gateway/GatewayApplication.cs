using Gateway.Admission;
using Gateway.Commands;
using Gateway.Delivery;
using Gateway.Doors.Http;
using Gateway.Doors.Hubs;
using Gateway.Doors.WebSockets;
using Gateway.Engine;
using Gateway.Engine.Nodes;
using Gateway.Health;
using Gateway.Log;
using Gateway.Log.Memory;
using Gateway.Log.Sqlite;
using Gateway.Models;
using Gateway.Models.Ollama;
using Gateway.Models.OpenAI;
using Gateway.Models.Scripted;
using Gateway.Shutdown;
using Gateway.Tools;
using Gateway.Tools.BuiltIn;
using Gateway.Tools.Mcp;
using Gateway.Transport;
using Gateway.Workflows;

namespace Gateway;

/// <summary>The gateway as one list of concerns: what it is made of, and where each is reached.</summary>
public static class GatewayApplication
{
    private const string DefaultAddress = "http://localhost:8080";

    /// <summary>Adds everything the gateway is made of.</summary>
    public static WebApplicationBuilder AddGateway(this WebApplicationBuilder builder)
    {
        builder.UseDefaultAddress();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.LimitReadAhead();
            kestrel.ConfigureEndpointDefaults(endpoint =>
            {
                endpoint.UseDirectWebSocketDoor();
                endpoint.UseDirectSockets();
            });
        });

        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddHostedService<StartupBanner>();
        builder.Services.AddHealth();
        builder.Services.AddAdmission();
        builder.Services.AddModels();
        builder.Services.AddScriptedModels();
        builder.Services.AddOpenAIModels();
        builder.Services.AddOllamaModels();
        builder.Services.AddTools();
        builder.Services.AddBuiltInTools();
        builder.Services.AddMcpServers();
        builder.Services.AddWorkflowCatalog(builder.Configuration);
        builder.Services.AddSessionLog();
        builder.Services.AddMemoryStore();
        builder.Services.AddSqliteStore();
        builder.Services.AddEngine();
        builder.Services.AddNodeKinds();
        builder.Services.AddCommands();
        builder.Services.AddDelivery();
        builder.Services.AddTransport();
        builder.Services.AddWorkflowHub();
        builder.Services.AddRawWebSockets();
        builder.Services.AddHttpApi();
        builder.Services.AddDrain();
        return builder;
    }

    // Not in appsettings.json: a file would win over ASPNETCORE_URLS.
    private static void UseDefaultAddress(this WebApplicationBuilder builder)
    {
        var configuration = builder.Configuration;
        var configured = configuration[WebHostDefaults.ServerUrlsKey] ?? configuration[WebHostDefaults.HttpPortsKey] ?? configuration[WebHostDefaults.HttpsPortsKey];
        if (configured is null && !configuration.GetSection("Kestrel:Endpoints").Exists()) builder.WebHost.UseUrls(DefaultAddress);
    }

    /// <summary>Maps every address the gateway answers; conventions such as <c>RequireAuthorization()</c> hold for them all.</summary>
    /// <remarks>
    /// Except for the probes under <c>/health</c>, which stay open. A host whose middleware, put in before this call, lets in or
    /// refuses clients leaves <c>Gateway:Transport:DirectDoor</c> unset or false, so that every WebSocket passes it.
    /// </remarks>
    public static IEndpointConventionBuilder MapGateway(this WebApplication app)
    {
        app.UseApiProblems();
        app.UseDirectWebSockets();
        app.UseWebSockets();
        app.UseAdmission();
        app.MapHealth();
        return new EndpointConventions()
            .Include(app.MapWorkflowHub())
            .Include(app.MapRawWebSocket())
            .Include(app.MapHttpApi())
            .Include(app.MapProtocol())
            .Include(app.MapPage());
    }
}
