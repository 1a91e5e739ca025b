using Gateway.Tools;
using Gateway.Tools.BuiltIn;
using Gateway.Tools.Mcp;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Tests.Engine.OwnKinds;

/// <summary>The catalogs of tools that tests below the whole gateway use.</summary>
internal static class TestTools
{
    /// <summary>The tools of every gateway.</summary>
    public static IToolCatalog BuiltIn { get; } = Catalog(_ => { });

    /// <summary>Those, and what a host or settings add.</summary>
    public static IToolCatalog Catalog(Action<IServiceCollection> add, params (string Key, string Value)[] settings) => Provider(add, settings).GetRequiredService<IToolCatalog>();

    /// <summary>The services around such a catalog.</summary>
    public static ServiceProvider Provider(Action<IServiceCollection> add, params (string Key, string Value)[] settings)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(settings.ToDictionary(setting => setting.Key, setting => (string?)setting.Value)).Build());
        services.AddLogging();
        services.AddTools().AddBuiltInTools().AddMcpServers();
        add(services);
        return services.BuildServiceProvider();
    }
}
