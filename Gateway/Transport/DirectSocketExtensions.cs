using Gateway.Delivery;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Gateway.Transport;

/// <summary>Puts direct socket writes into Kestrel and under WebSockets.</summary>
internal static class DirectSocketExtensions
{
    /// <summary>Makes every connection of an endpoint write straight to its socket.</summary>
    public static void UseDirectSockets(this ListenOptions options) => options.Use(next => connection =>
    {
        if (connection.Features.Get<IConnectionSocketFeature>()?.Socket is { } socket)
        {
            socket.Blocking = false;
            connection.Transport = new DuplexPipe(connection.Transport.Input, new SocketPipeWriter(connection.Transport.Output, socket));
            connection.Features.Set(new DirectSocketFeature(socket));
        }

        return next(connection);
    });

    /// <summary>Accepts WebSockets so that ready frames can be written to them; goes before anything that accepts one.</summary>
    /// <remarks>The framework accepts those over HTTP/2 and those of test hosts, which have no socket of their own.</remarks>
    public static IApplicationBuilder UseDirectWebSockets(this IApplicationBuilder app)
    {
        var feeds = app.ApplicationServices.GetService<SessionFeeds>()
            ?? throw new InvalidOperationException("UseDirectWebSockets needs AddDelivery() on the services.");

        return app.Use((context, next) =>
            context.Features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true } upgrade && WebSocketHandshake.IsValid(context.Request)
                ? ServeAsync(new DirectWebSocketFeature(context, upgrade, feeds), context, next)
                : next(context));

        async Task ServeAsync(DirectWebSocketFeature feature, HttpContext context, RequestDelegate next)
        {
            context.Features.Set<IHttpWebSocketFeature>(feature);
            context.Features.Set(feature);
            try
            {
                await next(context);
            }
            finally
            {
                // A hub connection may end before its SignalR handshake, and then nobody else removes its sender.
                if (feature.Sender is { } sender) await feeds.RemoveAsync(sender);
            }
        }
    }
}
