using System.Net.WebSockets;
using System.Text;
using Gateway.Tests.Infrastructure;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR.Client;
using Xunit;

namespace Gateway.Tests.Transport;

/// <summary>Which requests the direct door of a stand-alone gateway takes, and which take the ordinary way.</summary>
public sealed class DirectDoorTests(SocketFixture gateway) : IClassFixture<SocketFixture>
{
    public static TheoryData<string, string> Known => new()
    {
        { "a load generator", "Host: localhost\nUpgrade: websocket\nConnection: Upgrade\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\nSec-WebSocket-Version: 13" },
        {
            "Chromium", """
            Host: localhost
            Connection: Upgrade
            Pragma: no-cache
            Cache-Control: no-cache
            User-Agent: Mozilla/5.0 (X11; Linux x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36
            Upgrade: websocket
            Origin: http://localhost
            Sec-WebSocket-Version: 13
            Accept-Encoding: gzip, deflate, br, zstd
            Accept-Language: en-GB,en;q=0.9
            Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
            Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits
            """
        },
        {
            "Firefox", """
            Host: localhost
            User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0
            Accept: */*
            Accept-Language: en-GB,en;q=0.5
            Accept-Encoding: gzip, deflate, br, zstd
            Sec-WebSocket-Version: 13
            Origin: http://localhost
            Sec-WebSocket-Extensions: permessage-deflate
            Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
            DNT: 1
            Sec-GPC: 1
            Connection: keep-alive, Upgrade
            Sec-Fetch-Dest: empty
            Sec-Fetch-Mode: websocket
            Sec-Fetch-Site: same-origin
            Pragma: no-cache
            Cache-Control: no-cache
            Upgrade: websocket
            """
        },
        {
            "Node.js", """
            host: localhost
            connection: upgrade
            upgrade: websocket
            sec-websocket-key: U+6CCXStDDE0HpC7WkfsaA==
            sec-websocket-version: 13
            sec-websocket-extensions: permessage-deflate; client_max_window_bits
            accept: */*
            accept-language: *
            sec-fetch-mode: websocket
            user-agent: node
            pragma: no-cache
            cache-control: no-cache
            accept-encoding: gzip, deflate
            """
        },
    };

    [Theory]
    [MemberData(nameof(Known))]
    public async Task What_browsers_and_Node_send_is_taken(string client, string headers)
    {
        foreach (var path in new[] { "/ws", "/hub", "/ws?session_id=none&after_seq=0&merge=true", "/ws?session_id=none&snapshot=true" })
        {
            var answer = await AskAsync($"GET {path} HTTP/1.1\r\n{headers.ReplaceLineEndings("\r\n")}\r\n\r\n");
            Assert.True(Heads.IsDirect(answer), $"{client} at {path}: {answer}");
        }
    }

    [Fact]
    public async Task What_ClientWebSocket_sends_is_taken()
    {
        var head = await Heads.OfClientAsync(async address =>
        {
            using var socket = new ClientWebSocket();
            await socket.ConnectAsync(new UriBuilder(new Uri(address, "/ws")) { Scheme = "ws" }.Uri, TestContext.Current.CancellationToken);
        });

        Heads.AssertDirect(await AskAsync(head));
    }

    [Fact]
    public async Task What_the_hub_client_of_NET_sends_without_a_negotiation_is_taken()
    {
        var head = await Heads.OfClientAsync(async address =>
        {
            await using var hub = new HubConnectionBuilder().WithUrl(new Uri(address, "/hub"), options =>
            {
                options.SkipNegotiation = true;
                options.Transports = HttpTransportType.WebSockets;
            }).Build();
            await hub.StartAsync(TestContext.Current.CancellationToken);
        });

        Heads.AssertDirect(await AskAsync(head));
    }

    [Theory]
    [InlineData("Cookie: a=b")]
    [InlineData("Authorization: Bearer token")]
    [InlineData("Proxy-Authorization: Basic dTpw")]
    [InlineData("Forwarded: for=192.0.2.1")]
    [InlineData("X-Forwarded-For: 192.0.2.1")]
    [InlineData("X-Forwarded-Host: other.example")]
    [InlineData("X-Original-Host: other.example")]
    [InlineData("Via: 1.1 proxy")]
    [InlineData("Sec-WebSocket-Protocol: bearer.token")]
    [InlineData("traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")]
    [InlineData("X-Api-Key: key")]
    [InlineData("X: unknown")]
    public async Task A_header_that_says_who_asks_or_is_not_known_is_for_the_ordinary_way(string header)
    {
        Heads.AssertOrdinary(await AskAsync(Heads.Upgrade("/ws", header + "\r\n")));
        Heads.AssertOrdinary(await AskAsync(Heads.Upgrade("/hub", header + "\r\n")));
    }

    [Theory]
    [InlineData("/ws?access_token=token")]
    [InlineData("/ws?ticket=1")]
    [InlineData("/ws?session_id=none&access_token=token")]
    [InlineData("/ws?Session_Id=none")]
    [InlineData("/ws?merge=true&%61ccess_token=token")]
    [InlineData("/ws?merge=true&&merge=true")]
    [InlineData("/ws?")]
    [InlineData("/hub?access_token=token")]
    [InlineData("/hub?session_id=none")]
    [InlineData("/WS")]
    public async Task A_parameter_that_is_not_known_is_for_the_ordinary_way(string address) =>
        Heads.AssertOrdinary(await AskAsync(Heads.Upgrade(address)));

    private async Task<string> AskAsync(string head)
    {
        await using var peer = await Peer.DialAsync(gateway);
        await peer.SendBytesAsync(Encoding.ASCII.GetBytes(head));
        return await peer.ReadHeadAsync();
    }
}
