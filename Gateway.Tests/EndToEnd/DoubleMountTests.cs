using System.Net.Http.Json;
using System.Net.WebSockets;
using Gateway.Contracts;
using Gateway.Delivery;
using Gateway.Tests.Delivery.Peers;
using Gateway.Tests.Infrastructure;
using Xunit;

namespace Gateway.Tests.EndToEnd;

/// <summary>A page that runs everything twice, as some frameworks do while one develops: two starts, and sockets that are dropped at once.</summary>
public sealed class DoubleMountTests(GatedGateway gateway) : IClassFixture<GatedGateway>
{
    [Fact]
    public async Task A_start_that_comes_twice_at_once_is_one_session_and_one_call_of_its_model()
    {
        for (var round = 0; round < 20; round++)
        {
            var scene = new Scene(gateway, SampleWorkflows.Quick);
            await using var door = await HubJsonDoor.ConnectAsync(gateway);
            using var http = gateway.CreateClient();

            var overHub = door.StartAsync(scene.Start);
            var overHttp = http.PostAsJsonAsync("/api/v1/sessions", scene.Start, ContractsJson.Wire.StartSession, TestContext.Current.CancellationToken);

            await Wait.For(overHub, "the ack on the hub");
            Assert.True((await Wait.For(overHttp, "the answer over HTTP")).IsSuccessStatusCode);
            (await scene.CallAsync("a")).Say("tea").End();
            await door.ReadToEndAsync();
            Assert.Equal(1, gateway.Models[$"{scene.Id}-a"].Calls);
        }
    }

    [Fact]
    public async Task Sockets_that_are_dropped_while_they_open_leave_nothing_behind()
    {
        var session = await TestSession.CreateAsync(gateway.Services);
        await session.SayAsync(3);
        var connections = gateway.Connections();
        for (var round = 0; round < 200; round++)
        {
            using var leave = new CancellationTokenSource();
            using var socket = new ClientWebSocket();
            var connecting = socket.ConnectAsync(gateway.WebSocketAddress($"/ws?session_id={session.Id}"), leave.Token);
            if (round % 2 == 0) await Task.Yield();
            else await Wait.For(connecting, "the connection");
            await leave.CancelAsync();
            socket.Abort();
            try
            {
                await connecting;
            }
            catch (Exception e) when (e is WebSocketException or OperationCanceledException or ObjectDisposedException)
            {
                // Dropped while it was opening.
            }
        }

        await Wait.For(GoneAsync(connections, session.Id), "the gateway to let go of every socket");
    }

    private static async Task GoneAsync(ConnectionRegistry connections, string sessionId)
    {
        while (connections.Snapshot().Any(sender => sender.Has(sessionId))) await Task.Delay(20, TestContext.Current.CancellationToken);
    }
}
