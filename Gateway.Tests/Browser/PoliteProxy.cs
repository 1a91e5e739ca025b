using System.Collections.Concurrent;
using System.Net.WebSockets;
using Gateway.Tests.Infrastructure;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Gateway.Tests.Browser;

/// <summary>A proxy that ends WebSockets itself, and says goodbye to its clients when it restarts.</summary>
internal sealed class PoliteProxy : IAsyncDisposable
{
    private readonly ConcurrentDictionary<WebSocket, bool> _clients = new();
    private readonly HttpClient _http;
    private readonly GatewayFixture _gateway;
    private readonly WebApplication _app;

    private PoliteProxy(GatewayFixture gateway)
    {
        _gateway = gateway;
        _http = new HttpClient { BaseAddress = gateway.Address };
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.UseWebSockets();
        _app.Run(ServeAsync);
    }

    public Uri Address => new(_app.Urls.Single());

    public static async Task<PoliteProxy> StartAsync(GatewayFixture gateway)
    {
        var proxy = new PoliteProxy(gateway);
        await proxy._app.StartAsync(TestContext.Current.CancellationToken);
        return proxy;
    }

    /// <summary>Closes every WebSocket with a code, as a proxy does that restarts.</summary>
    public async Task CloseAsync(int code)
    {
        foreach (var client in _clients.Keys)
        {
            _clients.TryRemove(client, out _);
            await client.CloseOutputAsync((WebSocketCloseStatus)code, code == (int)WebSocketCloseStatus.Empty ? null : "restarting", TestContext.Current.CancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        using (var now = new CancellationTokenSource())
        {
            await now.CancelAsync();
            await _app.StopAsync(now.Token);
        }

        await _app.DisposeAsync();
        _http.Dispose();
    }

    private async Task ServeAsync(HttpContext context)
    {
        var path = context.Request.Path + context.Request.QueryString;
        if (!context.WebSockets.IsWebSocketRequest)
        {
            using var answer = await _http.GetAsync(path, context.RequestAborted);
            context.Response.StatusCode = (int)answer.StatusCode;
            context.Response.ContentType = answer.Content.Headers.ContentType?.ToString();
            await answer.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
            return;
        }

        using var server = new ClientWebSocket();
        await server.ConnectAsync(_gateway.WebSocketAddress(path), context.RequestAborted);
        using var client = await context.WebSockets.AcceptWebSocketAsync();
        _clients[client] = true;
        try
        {
            await Task.WhenAny(PumpAsync(client, server), PumpAsync(server, client));
        }
        finally
        {
            _clients.TryRemove(client, out _);
        }
    }

    private static async Task PumpAsync(WebSocket from, WebSocket to)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (true)
            {
                var received = await from.ReceiveAsync(buffer.AsMemory(), CancellationToken.None);
                if (received.MessageType == WebSocketMessageType.Close)
                {
                    await to.CloseOutputAsync(from.CloseStatus ?? WebSocketCloseStatus.Empty, from.CloseStatusDescription, CancellationToken.None);
                    return;
                }

                await to.SendAsync(buffer.AsMemory(0, received.Count), received.MessageType, received.EndOfMessage, CancellationToken.None);
            }
        }
        catch (Exception e) when (e is WebSocketException or InvalidOperationException or OperationCanceledException)
        {
            // One of the two has gone.
        }
    }
}
