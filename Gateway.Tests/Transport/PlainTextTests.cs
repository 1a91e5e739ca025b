using System.Net;
using System.Net.Sockets;
using Gateway.Tests.Infrastructure;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Gateway.Tests.Transport;

/// <summary>What an endpoint does not speak goes round it on no door: TLS, client certificates, HTTP/2 alone.</summary>
public sealed class PlainTextTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public PlainTextTests() => TlsFixture.Export(_folder.At("certificate.pfx"));

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("/ws", "--urls=https://127.0.0.1:0")]
    [InlineData("/hub", "--urls=https://127.0.0.1:0")]
    [InlineData("/ws", "--urls=https://*:0")]
    [InlineData("/ws", "--Kestrel:Endpoints:only:Url=https://127.0.0.1:0")]
    [InlineData("/hub", "--Kestrel:Endpoints:only:Url=https://127.0.0.1:0")]
    [InlineData("/ws", "--Kestrel:Endpoints:only:Url=https://127.0.0.1:0", "--Kestrel:Endpoints:only:ClientCertificateMode=RequireCertificate")]
    [InlineData("/ws", "--Kestrel:Endpoints:only:Url=http://127.0.0.1:0", "--Kestrel:Endpoints:only:Protocols=Http2")]
    public async Task Upgrade_in_plain_text_is_refused_where_the_endpoint_speaks_something_else(string path, params string[] endpoint)
    {
        await using var gateway = await StartAsync(endpoint);

        Assert.DoesNotContain(" 101 ", await AskAsync(gateway, path), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/ws", "--urls=http://127.0.0.1:0")]
    [InlineData("/hub", "--urls=http://*:0")]
    [InlineData("/ws", "--Kestrel:Endpoints:only:Url=http://127.0.0.1:0")]
    public async Task Upgrade_in_plain_text_is_served_where_it_is_what_the_endpoint_speaks(string path, string endpoint)
    {
        await using var gateway = await StartAsync(endpoint);

        Assert.StartsWith("HTTP/1.1 101 ", await AskAsync(gateway, path), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Upgrade_in_plain_text_is_refused_where_code_gave_the_endpoint_its_tls()
    {
        await using var gateway = new TlsFixture();
        await gateway.InitializeAsync();

        foreach (var path in (string[])["/ws", "/hub"])
        {
            await using var peer = await Peer.DialAsync(gateway);
            Assert.DoesNotContain(" 101 ", await peer.UpgradeAsync(path), StringComparison.Ordinal);
        }
    }

    private async Task<WebApplication> StartAsync(params string[] endpoint)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            ContentRootPath = AppContext.BaseDirectory,
            Args = [.. endpoint, "--Gateway:Storage:Provider=memory", "--Gateway:Transport:DirectDoor=true", "--Gateway:Auth:AllowAnonymous=true", $"--Kestrel:Certificates:Default:Path={_folder.At("certificate.pfx")}"],
        }).AddGateway();
        builder.Logging.ClearProviders();
        var gateway = builder.Build();
        gateway.MapGateway();
        await gateway.StartAsync(TestContext.Current.CancellationToken);
        return gateway;
    }

    // Empty where the connection ends without an answer.
    private static async Task<string> AskAsync(WebApplication gateway, string path)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        var port = BindingAddress.Parse(gateway.Urls.Single()).Port;
        await Wait.For(socket.ConnectAsync(IPAddress.Loopback, port), "a TCP connection");
        await using var peer = new Peer(socket);
        return await peer.UpgradeAsync(path);
    }
}
