using System.Buffers;
using Gateway.Admission;
using Gateway.Commands;
using Gateway.Delivery;
using Gateway.Doors.AgUi;
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
using Gateway.Webhooks;
using Gateway.Workflows;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Gateway;

/// <summary>The gateway as one list of concerns: what it is made of, and where each is reached.</summary>
public static class GatewayApplication
{
    // What has a meaning in a route or an address.
    private static readonly SearchValues<char> s_noPath = SearchValues.Create("{}*?#% ");

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

        builder.Services.TryAddSingleton(TimeProvider.System);
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
        builder.Services.AddWebhooks();
        builder.Services.AddEngine();
        builder.Services.AddNodeKinds();
        builder.Services.AddCommands();
        builder.Services.AddDelivery();
        builder.Services.AddTransport();
        builder.Services.AddWorkflowHub();
        builder.Services.AddRawWebSockets();
        builder.Services.AddHttpApi();
        builder.Services.AddAgUi();
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
    /// <para>Except for the probes under <c>/health</c>, which stay open. A host whose middleware, put in before this call, lets in or
    /// refuses clients leaves <c>Gateway:Transport:DirectDoor</c> unset or false, so that every WebSocket passes it.</para>
    /// <para>The whole program is the gateway's then: which hosts and web pages it answers holds for all of its addresses. A program that
    /// has addresses of its own maps the gateway under a prefix. The page at <c>/</c> is mapped when its files are in the web root.</para>
    /// </remarks>
    public static IEndpointConventionBuilder MapGateway(this WebApplication app)
    {
        app.UseGateway(PathString.Empty);
        return MapDoors(app, PathString.Empty);
    }

    /// <summary>Maps the gateway under a path of a program that has addresses of its own: the hub at <c>{prefix}/hub</c>, the page at <c>{prefix}/</c>.</summary>
    /// <remarks>
    /// <para>What the gateway asks of requests (hosts, web pages, limits) holds below the prefix only, and so do the conventions that are
    /// added, such as <c>RequireAuthorization()</c>; the probes under <c>{prefix}/health</c> stay open.</para>
    /// <para>Every WebSocket is opened through HTTP, and so passes the host's middleware.</para>
    /// </remarks>
    /// <param name="app">The program.</param>
    /// <param name="prefix">The path, such as <c>/agents</c>.</param>
    /// <exception cref="ArgumentException">The prefix is not a path.</exception>
    public static IEndpointConventionBuilder MapGateway(this WebApplication app, string prefix)
    {
        if (!IsPrefix(prefix)) throw new ArgumentException($"'{prefix}' is not a path to map the gateway under; write it like /agents.", nameof(prefix));
        var path = new PathString(prefix);
        app.UseWhen(context => context.Request.Path.StartsWithSegments(path), below => below.UseGateway(path));
        return MapDoors(app.MapGroup(prefix), path);
    }

    private static bool IsPrefix(string prefix) => prefix is ['/', _, ..] && !prefix.EndsWith('/') && !prefix.AsSpan().ContainsAny(s_noPath);

    private static void UseGateway(this IApplicationBuilder app, PathString prefix)
    {
        app.UseApiProblems(prefix);
        app.UseDirectWebSockets();
        app.UseWebSockets();
        app.UseAdmission(prefix);
    }

    private static EndpointConventions MapDoors(IEndpointRouteBuilder endpoints, PathString prefix)
    {
        endpoints.MapHealth();
        return new EndpointConventions()
            .Include(endpoints.MapWorkflowHub())
            .Include(endpoints.MapRawWebSocket())
            .Include(endpoints.MapHttpApi())
            .Include(endpoints.MapAgUi())
            .Include(endpoints.MapProtocol())
            .Include(endpoints.MapPage(isOwnProgram: !prefix.HasValue));
    }
}
