using System.Collections.Concurrent;
using System.Net;
using Gateway.Client;
using Gateway.Client.Connection;
using Gateway.Contracts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Gateway.Tests.Client;

/// <summary>A gateway on a real port whose sessions, answers and misdeeds the test scripts.</summary>
internal sealed class FakeGateway : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, FakeSession> _sessions = new();
    private readonly ConcurrentDictionary<(string Connection, string Session), (CancellationTokenSource Stop, Task Run)> _sending = new();
    private readonly ConcurrentDictionary<ConnectionContext, bool> _sockets = new();
    private WebApplication? _app;
    private int _port;

    public Uri Address => AddressOf(GatewayWire.MessagePack);

    /// <summary>Every call that reached the hub.</summary>
    public Journal<HubCall> Calls { get; } = new();

    public ConcurrentDictionary<string, HubCallerContext> Connections { get; } = new();

    /// <summary>Those of them that are on <c>/ws</c>.</summary>
    public ConcurrentDictionary<string, FakeRawConnection> RawConnections { get; } = new();

    /// <summary>Runs after a call took effect and before it is answered.</summary>
    public Func<HubCall, HubCallerContext, Task> BeforeAnswer { get; set; } = (_, _) => Task.CompletedTask;

    /// <summary>What happens to an event each time it is sent.</summary>
    public Func<SessionEvent, Fault> Fault { get; set; } = _ => Client.Fault.None;

    public static async Task<FakeGateway> StartAsync()
    {
        var gateway = new FakeGateway();
        await gateway.StartServerAsync();
        return gateway;
    }

    public Uri AddressOf(GatewayWire wire) => new($"http://127.0.0.1:{_port}{(wire == GatewayWire.WebSocket ? "/ws" : "/hub")}");

    public FakeSession Session(string id) => _sessions.GetOrAdd(id, static id => new FakeSession(id));

    public void Forget(string id) => _sessions.TryRemove(id, out _);

    public FakeSession? Find(string id) => _sessions.GetValueOrDefault(id);

    /// <summary>Starts the server, again on the same port when it ran before.</summary>
    public async Task StartServerAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(this);
        builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = TimeSpan.FromSeconds(1));
        builder.Services.AddSignalR().AddGatewayWire(GatewayWire.MessagePack).AddGatewayWire(GatewayWire.Json);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, _port, listen => listen.Use(next => async socket =>
        {
            _sockets[socket] = true;
            await next(socket);
            _sockets.TryRemove(socket, out _);
        })));
        _app = builder.Build();
        _app.UseWebSockets();
        _app.MapHub<FakeWorkflowHub>("/hub");
        _app.MapGet("/ws", http => FakeRawConnection.ServeAsync(http, this, http.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping));
        await _app.StartAsync(TestContext.Current.CancellationToken);
        _port = new Uri(_app.Urls.Single()).Port;
    }

    public async Task StopServerAsync()
    {
        if (_app is null) return;
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
        _app = null;
    }

    /// <summary>Closes every connection properly, as a server does that wants to be rid of a client.</summary>
    public void CloseConnections()
    {
        foreach (var connection in Connections.Values) connection.Abort();
    }

    /// <summary>Cuts every socket, as a broken network does.</summary>
    public void CutSockets()
    {
        foreach (var socket in _sockets.Keys) socket.Abort();
    }

    public async Task MoveAsync(string connectionId, string sessionId, long afterSeq)
    {
        await StopSendingAsync(connectionId, sessionId);
        var stop = new CancellationTokenSource();
        _sending[(connectionId, sessionId)] = (stop, SendAllAsync(connectionId, Session(sessionId), afterSeq, stop.Token));
    }

    public async Task StopSendingAsync(string connectionId, string? sessionId = null)
    {
        foreach (var key in _sending.Keys.Where(k => k.Connection == connectionId && (sessionId is null || k.Session == sessionId)))
        {
            if (!_sending.TryRemove(key, out var sending)) continue;
            await sending.Stop.CancelAsync();
            await sending.Run;
            sending.Stop.Dispose();
        }
    }

    public async ValueTask DisposeAsync() => await StopServerAsync();

    private async Task SendAllAsync(string connectionId, FakeSession session, long last, CancellationToken stop)
    {
        // Not on the hub method's own turn: what it answers must not wait for what is sent.
        await Task.Yield();
        try
        {
            var typed = _app!.Services.GetRequiredService<IHubContext<FakeWorkflowHub, IWorkflowClient>>().Clients.Client(connectionId);
            var raw = _app.Services.GetRequiredService<IHubContext<FakeWorkflowHub>>().Clients.Client(connectionId);
            while (!stop.IsCancellationRequested)
            {
                var (sessionEvent, grown) = session.After(last);
                if (sessionEvent is null)
                {
                    await grown.WaitAsync(stop);
                    continue;
                }

                if (RawConnections.TryGetValue(connectionId, out var connection)) await SendAsync(connection, sessionEvent);
                else await SendAsync(typed, raw, sessionEvent);
                last = sessionEvent.Seq;
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
        {
            // Moved, left, or the server is gone.
        }
    }

    private async Task SendAsync(FakeRawConnection connection, SessionEvent sessionEvent)
    {
        var fault = Fault(sessionEvent);
        if (fault == Client.Fault.Skip) return;
        if (fault == Client.Fault.Double) await connection.SendAsync(sessionEvent);
        await (fault == Client.Fault.Garble ? connection.SendGarbageAsync() : connection.SendAsync(sessionEvent));
    }

    private async Task SendAsync(IWorkflowClient typed, IClientProxy raw, SessionEvent sessionEvent)
    {
        switch (Fault(sessionEvent))
        {
            case Client.Fault.Skip:
                return;
            case Client.Fault.Garble:
                await raw.SendAsync(nameof(IWorkflowClient.TokenStream), 42);
                return;
            case Client.Fault.Double:
                await SessionEvents.KindOf(sessionEvent).CallAsync(typed, sessionEvent);
                break;
        }

        await SessionEvents.KindOf(sessionEvent).CallAsync(typed, sessionEvent);
    }
}
