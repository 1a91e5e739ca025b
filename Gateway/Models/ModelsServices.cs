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
        services.AddSingleton(ReadPrices);
        services.AddHostedService<PriceWatch>();
        return services;
    }

    // Relative to the content root, as other paths of settings. A file that cannot be read stops the start, as other mistakes do.
    private static PriceTable ReadPrices(IServiceProvider services)
    {
        var root = services.GetService<IHostEnvironment>()?.ContentRootPath ?? Directory.GetCurrentDirectory();
        var paths = services.GetRequiredService<IOptions<ModelsOptions>>().Value.PricesPath?.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];
        var table = new PriceTable(paths.Select(path => Path.GetFullPath(path, root)));
        var problems = new List<string>();
        table.Refresh(settles: false, problems);
        return problems.Count == 0 ? table : throw new OptionsValidationException(ModelsOptions.Section, typeof(ModelsOptions), problems.Select(problem => $"{ModelsOptions.Section}:{nameof(ModelsOptions.PricesPath)}: {problem}"));
    }

    /// <summary>Adds a chat client of the host, which agents ask for by <paramref name="name"/>.</summary>
    /// <param name="services">The services of the host; before or after <c>AddGateway</c>.</param>
    /// <param name="name">Its name as a model; <c>Gateway:Models:&lt;name&gt;</c> may give it prices and an idle timeout. It is the default model when it is the only one that was added.</param>
    /// <param name="client">The client; the host keeps it, and disposes it.</param>
    public static IServiceCollection AddChatClient(this IServiceCollection services, string name, IChatClient client)
    {
        ArgumentNullException.ThrowIfNull(client);
        return services.AddChatClient(name, _ => new KeptChatClient(client));
    }

    /// <summary>As the other overload, with a client that is created for the gateway.</summary>
    /// <param name="services">The services of the host.</param>
    /// <param name="name">Its name as a model.</param>
    /// <param name="create">Creates the client, once; the gateway disposes it.</param>
    public static IServiceCollection AddChatClient(this IServiceCollection services, string name, Func<IServiceProvider, IChatClient> create) =>
        services.AddSingleton<IModelProvider>(provider => new HostModelProvider(name, create, provider));
}
