using Gateway.Settings;

namespace Gateway.Models.Scripted;

/// <summary>Registers the built-in model.</summary>
internal static class ScriptedServices
{
    /// <summary>Adds the provider <c>scripted</c>, which needs no key and no network, with a model of the same name.</summary>
    public static IServiceCollection AddScriptedModels(this IServiceCollection services) => services
        .AddKnownSettings<ScriptedOptions>(ModelsOptions.SectionOf(KnownSettings.Any))
        .AddSingleton<IModelProvider, ScriptedProvider>();
}
