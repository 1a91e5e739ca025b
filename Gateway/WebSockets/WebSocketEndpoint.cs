using Gateway.Commands;
using Gateway.Delivery;
using Gateway.Delivery.Outputs;
using Gateway.Delivery.Sockets;
using Microsoft.Extensions.Options;

namespace Gateway.WebSockets;

/// <summary>Maps the raw WebSocket door.</summary>
public static class WebSocketEndpoint
{
    /// <summary>The door's path.</summary>
    public const string Path = "/ws";

    /// <summary>Adds what the door needs.</summary>
    public static IServiceCollection AddRawWebSockets(this IServiceCollection services)
    {
        services.AddOptions<GatewayWebSocketOptions>().BindConfiguration(GatewayWebSocketOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<Replies>();
        return services;
    }

    /// <summary>Maps <c>/ws</c>.</summary>
    public static IEndpointConventionBuilder MapRawWebSocket(this IEndpointRouteBuilder endpoints)
    {
        var services = endpoints.ServiceProvider;
        var replies = services.GetService<Replies>() ?? throw Missing(nameof(MapRawWebSocket));
        var commands = services.GetRequiredService<SessionCommands>();
        var feeds = services.GetRequiredService<SessionFeeds>();
        var options = services.GetRequiredService<IOptions<GatewayWebSocketOptions>>().Value;
        var time = services.GetRequiredService<TimeProvider>();
        var logger = services.GetRequiredService<ILogger<WebSocketConnection>>();

        // CONNECT is how browsers open a WebSocket on an HTTP/2 connection (RFC 8441).
        return endpoints.MapMethods(Path, [HttpMethods.Get, HttpMethods.Connect], async context =>
        {
            if (!context.WebSockets.IsWebSocketRequest)
            {
                context.Response.StatusCode = StatusCodes.Status426UpgradeRequired;
                context.Response.Headers.Upgrade = "websocket";
                await context.Response.WriteAsync("This is a WebSocket address: connect with ws:// or wss://.");
                return;
            }

            using var socket = await context.WebSockets.AcceptWebSocketAsync();
            var sender = context.Features.Get<DirectWebSocketFeature>()?.Sender
                ?? feeds.CreateSender(new WebSocketOutput(socket), feeds.Wires.Raw, context.Abort);
            var connection = new WebSocketConnection(socket, sender, commands, feeds, replies, options, time, logger);
            await connection.RunAsync(ConnectionRequest.Parse(context.Request.Query), context.RequestAborted);
        }).ExcludeFromDescription();
    }

    private static InvalidOperationException Missing(string caller) => new($"{caller} needs AddRawWebSockets() on the services.");
}
