using Gateway.Models;
using Gateway.Models.Ollama;
using Gateway.Models.OpenAI;
using Gateway.Models.Scripted;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Xunit;

namespace Gateway.Tests.Models;

/// <summary>Models from settings, as the host makes them.</summary>
internal static class Configured
{
    public const string Key = "sk-secret-4711-do-not-show";

    public static ServiceProvider Services(TimeProvider? timeProvider, ILoggerProvider? logs, params (string Key, string? Value)[] settings) => Services(timeProvider, logs, _ => { }, settings);

    public static ServiceProvider Services(Action<IServiceCollection> more, params (string Key, string? Value)[] settings) => Services(null, null, more, settings);

    private static ServiceProvider Services(TimeProvider? timeProvider, ILoggerProvider? logs, Action<IServiceCollection> more, (string Key, string? Value)[] settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.ToDictionary(s => $"Gateway:{s.Key}", s => s.Value))
            .Build();
        var services = new ServiceCollection();
        services.AddLogging(logging =>
        {
            logging.SetMinimumLevel(LogLevel.Trace);
            if (logs is not null) logging.AddProvider(logs);
        });
        if (timeProvider is not null) services.AddSingleton(timeProvider);
        services.AddSingleton<IConfiguration>(configuration).AddModels().AddScriptedModels().AddOpenAIModels().AddOllamaModels();
        more(services);
        return services.BuildServiceProvider();
    }

    public static ServiceProvider Services(params (string Key, string? Value)[] settings) => Services(null, null, settings);

    public static IModelCatalog Catalog(this IServiceProvider services) => services.GetRequiredService<IModelCatalog>();

    /// <summary>What is wrong with the settings.</summary>
    public static string[] Problems(params (string Key, string? Value)[] settings)
    {
        using var services = Services(settings);
        var problem = Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<IOptions<ModelsOptions>>().Value);
        return [.. problem.Failures];
    }

    /// <summary>Settings of a model at a fake OpenAI-compatible server.</summary>
    public static (string, string?)[] At(FakeOpenAiServer server, string? key = Key) =>
    [
        ("Models:gpt:Provider", "openai"),
        ("Models:gpt:Endpoint", server.Endpoint),
        ("Models:gpt:Model", "fake-1"),
        ("Models:gpt:ApiKey", key),
    ];

    /// <summary>Settings of a model <c>m</c> at a provider that plays bytes.</summary>
    public static (string, string?)[] At(ByteProvider provider, string kind = "openai", string? key = Key) =>
    [
        ("Models:m:Provider", kind),
        ("Models:m:Endpoint", provider.Address),
        ("Models:m:Model", "fake-1"),
        ("Models:m:ApiKey", key),
    ];

    public static (string, string?)[] At(FakeOllamaServer server, string? key = null) =>
    [
        ("Models:local:Provider", "ollama"),
        ("Models:local:Endpoint", server.Address),
        ("Models:local:Model", "fake-1"),
        ("Models:local:ApiKey", key),
    ];
}
