namespace Gateway.Log.Memory;

/// <summary>Registers the store in memory.</summary>
internal static class MemoryStoreServices
{
    /// <summary>The name of the store in <c>Gateway:Storage:Provider</c>.</summary>
    public const string Provider = "memory";

    /// <summary>Adds the store that keeps everything in memory, gone with the process.</summary>
    public static IServiceCollection AddMemoryStore(this IServiceCollection services) => services.AddLogStore(Provider, provider => new MemorySessionLog(provider.GetService<LogTraffic>()));
}
