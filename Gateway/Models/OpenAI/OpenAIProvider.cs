using Gateway.Models.Network;
using Gateway.Settings;
using Microsoft.Extensions.AI;

namespace Gateway.Models.OpenAI;

/// <summary>OpenAI, or any server that speaks its chat completions.</summary>
internal sealed class OpenAIProvider(IConfiguration configuration, TimeProvider timeProvider) : IModelProvider
{
    private static readonly Uri OwnAddress = new("https://api.openai.com/v1");
    private static readonly OpenAIOptionsValidator Ranges = new();

    public string Name => "openai";

    public bool IsLocal => false;

    public bool HasOwnModel => false;

    public IEnumerable<string> FindProblems(string setting, ModelOptions options)
    {
        if (string.IsNullOrWhiteSpace(options.Model)) yield return NetworkSettings.NoModel(setting);
        if (string.IsNullOrWhiteSpace(options.ApiKey) && string.IsNullOrWhiteSpace(options.Endpoint))
        {
            yield return $"{setting}:ApiKey is missing; set it, or set {setting}:Endpoint to a server that needs no key.";
        }

        foreach (var problem in Ranges.Validate(setting, Read(setting)).Failures ?? []) yield return problem;
        foreach (var problem in ExtraBody.FindProblems(NetworkSettings.Extra(configuration, setting))) yield return problem;
    }

    public IChatClient CreateClient(string name, ModelOptions options)
    {
        var setting = ModelsOptions.SectionOf(name);
        var endpoint = NetworkSettings.Address(options) ?? OwnAddress;
        var api = new OpenAIApi(endpoint, options.Model!.Trim(), options.ApiKey, Read(setting), ExtraBody.Read(NetworkSettings.Extra(configuration, setting)));

        var hint = endpoint.AbsolutePath.Contains("/v1", StringComparison.Ordinal) ? null : "the address of an OpenAI-compatible server often ends in /v1";
        var errors = new ProviderErrors(name, options.ApiKey, endpoint, hint, ModelHttp.Proxy.GetProxy(endpoint));
        return new ProviderChatClient(api, ModelHttp.CreateClient(), errors, timeProvider, options.IdleTimeout);
    }

    private OpenAIOptions Read(string section) => SettingsBinding.Read<OpenAIOptions>(configuration, section);
}
