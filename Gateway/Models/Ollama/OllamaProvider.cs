using Gateway.Models.Network;
using Gateway.Settings;
using Microsoft.Extensions.AI;

namespace Gateway.Models.Ollama;

/// <summary>Models on Ollama servers.</summary>
internal sealed class OllamaProvider(IConfiguration configuration, TimeProvider timeProvider) : IModelProvider
{
    /// <summary>The name of a model's section with options that only Ollama knows.</summary>
    public const string OptionsName = "Options";

    private static readonly Uri LocalServer = new("http://localhost:11434");
    private static readonly OllamaOptionsValidator Ranges = new();

    public string Name => "ollama";

    public bool IsLocal => false;

    public bool HasOwnModel => false;

    public IEnumerable<string> FindProblems(string setting, ModelOptions options)
    {
        if (string.IsNullOrWhiteSpace(options.Model)) yield return NetworkSettings.NoModel(setting);
        foreach (var problem in Ranges.Validate(setting, Read(setting)).Failures ?? []) yield return problem;
        foreach (var problem in ExtraBody.FindProblems(Options(setting))) yield return problem;
        foreach (var problem in ExtraBody.FindProblems(NetworkSettings.Extra(configuration, setting))) yield return problem;
    }

    public IChatClient CreateClient(string name, ModelOptions options)
    {
        var setting = ModelsOptions.SectionOf(name);
        var endpoint = NetworkSettings.Address(options) ?? LocalServer;
        var api = new OllamaApi(endpoint, options.Model!.Trim(), options.ApiKey, Read(setting), ExtraBody.Read(Options(setting)), ExtraBody.Read(NetworkSettings.Extra(configuration, setting)));

        var hint = endpoint.AbsolutePath.Contains("/v1", StringComparison.Ordinal) ? "the address of an Ollama server ends without /v1, which belongs to the provider openai" : null;
        var errors = new ProviderErrors(name, options.ApiKey, endpoint, hint, ModelHttp.Proxy.GetProxy(endpoint));
        return new ProviderChatClient(api, ModelHttp.CreateClient(), errors, timeProvider, options.IdleTimeout);
    }

    private OllamaOptions Read(string section) => SettingsBinding.Read<OllamaOptions>(configuration, section);

    private IConfigurationSection Options(string setting) => configuration.GetSection(setting).GetSection(OptionsName);
}
