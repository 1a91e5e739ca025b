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
    private readonly bool _sockets;
    private readonly Dictionary<string, string?> _settings;
    private readonly Action<IServiceCollection>? _services;
    private readonly TempFolder? _folder;

    protected GatewayFixture(bool sockets, Dictionary<string, string?>? settings = null, Action<IServiceCollection>? services = null, Action<KestrelServerOptions>? kestrel = null)
    {
        _sockets = sockets;
        _services = services;
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
        if (kestrel is not null) UseKestrel(kestrel);
        else if (_sockets) UseKestrel(0);
    }

    public TestLog Log { get; } = new();

    /// <summary>Whether real sockets are used.</summary>
    public bool HasSockets => _sockets;

    /// <summary>Where it listens.</summary>
    public Uri Address => _sockets ? ClientOptions.BaseAddress : Server.BaseAddress;

    /// <summary>The address of a WebSocket path.</summary>
    public Uri WebSocketAddress(string pathAndQuery) => new UriBuilder(new Uri(Address, pathAndQuery)) { Scheme = Address.Scheme == Uri.UriSchemeHttps ? "wss" : "ws" }.Uri;

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
        if (_services is not null) builder.ConfigureServices(_services);
    }
}
