using Gateway.Settings;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Gateway.Models;

/// <summary>Registers the models.</summary>
public static class ModelsServices
{
    /// <summary>Adds <see cref="IModelCatalog"/>, configured by <c>Gateway:DefaultModel</c> and <c>Gateway:Models</c>.</summary>
    /// <remarks>Each provider is added beside it, by its own <c>AddXModels</c>. A mistake in the configuration stops the host at start, with one sentence per problem.</remarks>
    public static IServiceCollection AddModels(this IServiceCollection services)
    {
        services.AddOptions<ModelsOptions>().BindSettings(ModelsOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<ModelsOptions>, ModelsOptionsValidator>();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<ModelProviders>();
        services.AddSingleton<IModelCatalog, ModelCatalog>();
        return services;
    }

    /// <summary>Adds a model of the host's own, which agents ask for by <paramref name="name"/>.</summary>
    /// <param name="services">The services of the host.</param>
    /// <param name="name">Its name; <c>Gateway:Models:&lt;name&gt;</c> may give it prices and an idle timeout.</param>
    /// <param name="client">Creates the client, once; the catalog disposes it.</param>
    public static IServiceCollection AddModel(this IServiceCollection services, string name, Func<IServiceProvider, IChatClient> client) =>
        services.AddSingleton<IModelProvider>(provider => new HostModelProvider(name, client, provider));
}
