using Gateway.Client;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Xunit;

namespace Gateway.Tests.Client;

/// <summary>What the options let a program set on the connection beneath.</summary>
public sealed class HookTests : ClientTest
{
    [Fact]
    public async Task Hooks_set_headers_and_cannot_add_a_second_owner_of_the_connection()
    {
        var hubs = 0;
        var connections = 0;
        var client = await ConnectAsync(o =>
        {
            o.ConfigureConnection = c =>
            {
                connections++;
                c.UseStatefulReconnect = true;
                c.Headers["X-Test"] = "yes";
            };
            o.ConfigureHub = b =>
            {
                hubs++;
                b.WithAutomaticReconnect();
            };
        });

        // The gateway knows a connection that has been answered; the handshake alone may be ahead of it.
        await client.PingAsync(Token);
        Assert.Equal("yes", Server.Connections.Values.Single().GetHttpContext()!.Request.Headers["X-Test"]);

        Server.CloseConnections();
        await client.PingAsync(Token);

        Assert.Equal((2, 2), (hubs, connections));
    }

    [Fact]
    public async Task Address_without_a_path_means_the_hub()
    {
        await using var client = await GatewayClient.ConnectAsync(Server.Address.GetLeftPart(UriPartial.Authority), null, Token);
        Assert.Equal(Server.Address, client.Address);
    }

    [Fact]
    public async Task Headers_and_token_go_with_a_raw_WebSocket_too()
    {
        var client = await ConnectAsync(o =>
        {
            o.Wire = GatewayWire.WebSocket;
            o.ConfigureConnection = c =>
            {
                c.Headers["X-Test"] = "yes";
                c.AccessTokenProvider = () => Task.FromResult<string?>("secret");
            };
            o.ConfigureHub = _ => throw new InvalidOperationException("There is no hub.");
        });
        await client.PingAsync(Token);

        var headers = Server.RawConnections.Values.Single().GetHttpContext()!.Request.Headers;
        Assert.Equal(("yes", "Bearer secret"), (headers["X-Test"].ToString(), headers.Authorization.ToString()));
    }
}
