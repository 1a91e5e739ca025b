using System.Net;
using Gateway.Admission;
using Gateway.Tests.Infrastructure;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Xunit;

namespace Gateway.Tests.Admission;

/// <summary>Where the gateway listens as long as it asks nobody who they are.</summary>
public sealed class ListenTests
{
    [Theory]
    [InlineData("http://0.0.0.0:0")]
    [InlineData("http://*:0")]
    [InlineData("http://[::]:0")]
    [InlineData("http://gateway.example:0")]
    public async Task An_address_that_others_reach_is_refused_with_the_ways_out(string url)
    {
        var refusal = await Assert.ThrowsAsync<ListenRefusedException>(() => StartAsync([$"--urls={url}"]));

        Assert.All((string[])["--urls http://localhost", "Gateway:Auth:AllowAnonymous=true", "Gateway__Auth__AllowAnonymous=true"], way => Assert.Contains(way, refusal.Message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Neither_a_section_nor_code_goes_round_it()
    {
        await Assert.ThrowsAsync<ListenRefusedException>(() => StartAsync(["--Kestrel:Endpoints:a:Url=http://0.0.0.0:0"]));
        await Assert.ThrowsAsync<ListenRefusedException>(() => StartAsync(["--HTTP_PORTS=0"]));
        await Assert.ThrowsAsync<ListenRefusedException>(() => StartAsync([], kestrel => kestrel.Listen(IPAddress.Any, 0)));
    }

    [Theory]
    [InlineData("--Gateway:Auth:AllowAnonymous=true")]
    [InlineData("--Gateway:Auth:HostAuthenticates=true")]
    public async Task It_listens_there_once_somebody_has_said_so(string setting)
    {
        await using var gateway = await StartAsync(["--urls=http://0.0.0.0:0", setting]);

        Assert.Single(gateway.Urls);
    }

    [Fact]
    public async Task This_machine_and_a_file_need_no_word()
    {
        using var folder = new TempFolder();
        await using var address = await StartAsync(["--urls=http://127.0.0.1:0"]);
        await using var file = await StartAsync([], kestrel => kestrel.ListenUnixSocket(folder.At("gateway.sock")));

        var policy = new ListenPolicy(Options.Create(new AuthOptions()));
        policy.Require(new IPEndPoint(IPAddress.IPv6Loopback, 1));
        Assert.Throws<ListenRefusedException>(() => policy.Require(new IPEndPoint(IPAddress.Parse("192.168.1.2"), 1)));
    }

    private static async Task<WebApplication> StartAsync(string[] arguments, Action<KestrelServerOptions>? kestrel = null)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory, Args = [.. arguments, "--Gateway:Storage:Provider=memory"] });
        if (kestrel is not null) builder.WebHost.ConfigureKestrel(kestrel);
        builder.AddGateway();
        builder.Logging.ClearProviders();
        var gateway = builder.Build();
        gateway.MapGateway();
        try
        {
            await gateway.StartAsync(TestContext.Current.CancellationToken);
        }
        catch
        {
            await gateway.DisposeAsync();
            throw;
        }

        return gateway;
    }
}
