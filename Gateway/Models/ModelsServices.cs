using Gateway.Settings;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Gateway.Models;

/// <summary>Adds the models to the host.</summary>
public static class ModelsServices
{
    /// <summary>Adds <see cref="IModelCatalog"/>, configured by <c>Gateway:DefaultModel</c> and <c>Gateway:Models</c>.</summary>
    /// <remarks>A mistake in the configuration stops the host at start, with one sentence per problem.</remarks>
    public static IServiceCollection AddModels(this IServiceCollection services)
    {
        services.AddOptions<ModelsOptions>()
            .BindConfiguration(ModelsOptions.Section)
            .ValidateOnStart(ModelsOptions.Section, new ModelsOptionsValidator());
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<IModelCatalog, ModelCatalog>();
        return services;
    }
}
