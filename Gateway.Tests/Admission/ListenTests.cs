using System.Net;
using Gateway.Admission;
using Gateway.Tests.Infrastructure;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
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
    public async Task HTTP_3_alone_does_not_go_round_it()
    {
        var quic = new FakeQuic();

        await Assert.ThrowsAsync<ListenRefusedException>(() => StartAsync([], kestrel => Listen(kestrel, IPAddress.Any), quic));
        Assert.Empty(quic.Bound);

        await using var local = await StartAsync([], kestrel => Listen(kestrel, IPAddress.Loopback), quic);
        await using var allowed = await StartAsync(["--Gateway:Auth:AllowAnonymous=true"], kestrel => Listen(kestrel, IPAddress.Any), quic);
        Assert.Equal([IPAddress.Loopback, IPAddress.Any], quic.Bound.Select(endpoint => ((IPEndPoint)endpoint).Address));

        void Listen(KestrelServerOptions kestrel, IPAddress address) => kestrel.Listen(address, 1, options =>
        {
            options.Protocols = HttpProtocols.Http3;
            options.UseHttps(TlsFixture.Own);
        });
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

    private static async Task<WebApplication> StartAsync(string[] arguments, Action<KestrelServerOptions>? kestrel = null, IMultiplexedConnectionListenerFactory? quic = null)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory, Args = [.. arguments, "--Gateway:Storage:Provider=memory"] });
        if (kestrel is not null) builder.WebHost.ConfigureKestrel(kestrel);
        if (quic is not null) builder.Services.RemoveAll<IMultiplexedConnectionListenerFactory>().AddSingleton(quic);
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

    // HTTP/3 needs a library that not every machine has: only where it would listen matters here.
    private sealed class FakeQuic : IMultiplexedConnectionListenerFactory
    {
        public List<EndPoint> Bound { get; } = [];

        public ValueTask<IMultiplexedConnectionListener> BindAsync(EndPoint endpoint, IFeatureCollection? features = null, CancellationToken cancellationToken = default)
        {
            Bound.Add(endpoint);
            return new(new Listener(endpoint));
        }

        private sealed class Listener(EndPoint endpoint) : IMultiplexedConnectionListener
        {
            private readonly TaskCompletionSource<MultiplexedConnectionContext?> _unbound = new(TaskCreationOptions.RunContinuationsAsynchronously);

            public EndPoint EndPoint => endpoint;

            public ValueTask<MultiplexedConnectionContext?> AcceptAsync(IFeatureCollection? features = null, CancellationToken cancellationToken = default) => new(_unbound.Task);

            public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
            {
                _unbound.TrySetResult(null);
                return ValueTask.CompletedTask;
            }

            public ValueTask DisposeAsync() => UnbindAsync();
        }
    }
}
