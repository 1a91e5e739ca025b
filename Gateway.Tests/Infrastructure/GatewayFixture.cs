using System.Globalization;
using System.Net;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Gateway.Tests.Infrastructure;

/// <summary>
/// The whole gateway, on real sockets or in a test host; ends with a check of its error log.
/// Its store is the memory, or a file of its own that goes with it, unless the settings say another.
/// </summary>
public abstract class GatewayFixture : WebApplicationFactory<Program>, IAsyncLifetime
{
    // How the test host says that a WebSocket was refused.
    private const string IncompleteHandshake = "Incomplete handshake, status code: ";

    private readonly bool _sockets;
    private readonly Dictionary<string, string?> _settings;
    private readonly TempFolder? _folder;

    protected GatewayFixture(bool sockets, Dictionary<string, string?>? settings = null, Action<IServiceCollection>? services = null, Action<KestrelServerOptions>? kestrel = null)
    {
        _sockets = sockets;
        _settings = new(settings ?? [])
        {
            ["Gateway:Models:scripted:Provider"] = "scripted",
            ["Gateway:Models:scripted:TokensPerSecond"] = "0",
        };
        _settings.TryAdd("Gateway:Storage:Provider", "memory");
        if (_settings["Gateway:Storage:Provider"] == "sqlite" && !_settings.ContainsKey("Gateway:Storage:Path"))
        {
            _folder = new();
            _settings["Gateway:Storage:Path"] = _folder.At("log.db");
        }
        MoreServices = services;
        Kestrel = kestrel;
        if (kestrel is not null) UseKestrel(kestrel);
        else if (_sockets) UseKestrel(0);
    }

    public TestLog Log { get; } = new();

    /// <summary>Whether real sockets are used.</summary>
    public bool HasSockets => _sockets;

    /// <summary>What a test added to its services; null when nothing.</summary>
    public Action<IServiceCollection>? MoreServices { get; }

    /// <summary>How its server was set up; null when it was not.</summary>
    public Action<KestrelServerOptions>? Kestrel { get; }

    /// <summary>Where it listens.</summary>
    public Uri Address => _sockets ? ClientOptions.BaseAddress : Server.BaseAddress;

    /// <summary>The address of a WebSocket path.</summary>
    public Uri WebSocketAddress(string pathAndQuery) => new UriBuilder(new Uri(Address, pathAndQuery)) { Scheme = Address.Scheme == Uri.UriSchemeHttps ? "wss" : "ws" }.Uri;

    /// <summary>A client that also trusts the certificate that is made for a test, and is the caller's own.</summary>
    public HttpClient CreateReaderClient() => new(CreateReaderHandler()) { BaseAddress = Address };

    /// <summary>What such a client sends with.</summary>
    public HttpMessageHandler CreateReaderHandler() => _sockets
        ? new SocketsHttpHandler { SslOptions = { RemoteCertificateValidationCallback = static (_, certificate, _, _) => TlsFixture.IsTrusted(certificate) } }
        : Server.CreateHandler();

    /// <summary>Opens a WebSocket, over a real socket or through the test host.</summary>
    /// <exception cref="HttpRequestException">It is refused, with a status.</exception>
    public async Task<WebSocket> ConnectWebSocketAsync(string pathAndQuery)
    {
        var address = WebSocketAddress(pathAndQuery);
        if (!_sockets)
        {
            try
            {
                return await Server.CreateWebSocketClient().ConnectAsync(address, CancellationToken.None);
            }
            catch (InvalidOperationException exception) when (exception.Message.StartsWith(IncompleteHandshake, StringComparison.Ordinal))
            {
                throw new HttpRequestException(exception.Message, exception, (HttpStatusCode)int.Parse(exception.Message[IncompleteHandshake.Length..], CultureInfo.InvariantCulture));
            }
        }

        var client = new ClientWebSocket();
        TrustWith(client.Options);
        client.Options.CollectHttpResponseDetails = true;
        try
        {
            await Wait.For(client.ConnectAsync(address, CancellationToken.None), $"the WebSocket {pathAndQuery}");
            return client;
        }
        catch (WebSocketException exception) when (client.HttpStatusCode != 0)
        {
            client.Dispose();
            throw new HttpRequestException(exception.Message, exception, client.HttpStatusCode);
        }
    }

    /// <summary>Lets a WebSocket trust the certificate that is made for a test.</summary>
    public static void TrustWith(ClientWebSocketOptions options) =>
        options.RemoteCertificateValidationCallback = static (_, certificate, _, _) => TlsFixture.IsTrusted(certificate);

    public virtual ValueTask InitializeAsync()
    {
        if (_sockets) StartServer();
        else _ = Server;
        return ValueTask.CompletedTask;
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _folder?.Dispose();
        GC.SuppressFinalize(this);
        Log.Check();
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        foreach (var (key, value) in _settings) builder.UseSetting(key, value);
        builder.ConfigureAppConfiguration(c => c.AddInMemoryCollection(_settings));
        builder.ConfigureLogging(logging => logging.ClearProviders().AddProvider(Log).SetMinimumLevel(LogLevel.Information));
        if (MoreServices is not null) builder.ConfigureServices(MoreServices);
    }
}
