using Gateway.Models.Network;
using Gateway.Settings;

namespace Gateway.Models.Ollama;

/// <summary>Registers the models on Ollama servers.</summary>
internal static class OllamaServices
{
    /// <summary>Adds the provider <c>ollama</c>.</summary>
    public static IServiceCollection AddOllamaModels(this IServiceCollection services) => services
        .AddKnownSettings<OllamaOptions>(ModelsOptions.SectionOf(KnownSettings.Any))
        .AddFreeSettings(NetworkSettings.AnyExtra)
        .AddFreeSettings($"{ModelsOptions.SectionOf(KnownSettings.Any)}:{OllamaProvider.OptionsName}")
        .AddSingleton<IModelProvider, OllamaProvider>();
}
