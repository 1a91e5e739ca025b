using Gateway.Models.Network;
using Gateway.Settings;

namespace Gateway.Models.OpenAI;

/// <summary>Registers the models that speak OpenAI's chat completions.</summary>
internal static class OpenAIServices
{
    /// <summary>Adds the provider <c>openai</c>: OpenAI, or any server that speaks its API.</summary>
    public static IServiceCollection AddOpenAIModels(this IServiceCollection services) => services
        .AddKnownSettings<OpenAIOptions>(ModelsOptions.SectionOf(KnownSettings.Any))
        .AddFreeSettings(NetworkSettings.AnyExtra)
        .AddSingleton<IModelProvider, OpenAIProvider>();
}
