using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Gateway.Models;

/// <summary>Adds the models to the host.</summary>
public static class ModelsServices
{
    /// <summary>Adds <see cref="IModelCatalog"/>, configured by <c>Gateway:DefaultModel</c> and <c>Gateway:Models</c>.</summary>
    /// <remarks>A mistake in the configuration stops the host at start, with one sentence per problem.</remarks>
    public static IServiceCollection AddModels(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<ModelsOptions>()
            .Bind(configuration.GetSection(ModelsOptions.Section))
            .ValidateOnStart();
        services.AddSingleton<IValidateOptions<ModelsOptions>, ModelsOptionsValidator>();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<IModelCatalog, ModelCatalog>();
        return services;
    }
}
