using Gateway.Commands;
using Gateway.Delivery;
using Gateway.Delivery.Sockets;
using Gateway.Hubs;
using Gateway.WebSockets;

namespace Gateway;

/// <summary>The gateway as one list of concerns: what it is made of, and where each is reached.</summary>
public static class GatewayApplication
{
    /// <summary>Adds everything the gateway is made of.</summary>
    public static WebApplicationBuilder AddGateway(this WebApplicationBuilder builder)
    {
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ConfigureEndpointDefaults(endpoint => endpoint.UseDirectSockets()));

        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<SessionCommands>();
        builder.Services.AddWorkflowHub();
        builder.Services.AddDelivery();
        builder.Services.AddRawWebSockets();
        return builder;
    }

    /// <summary>Maps every address the gateway answers.</summary>
    public static WebApplication MapGateway(this WebApplication app)
    {
        app.UseDirectWebSockets();
        app.UseWebSockets();
        app.UseOriginPolicy();
        app.MapWorkflowHub();
        app.MapRawWebSocket();
        return app;
    }
}
