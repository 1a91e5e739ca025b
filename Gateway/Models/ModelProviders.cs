namespace Gateway.Models;

/// <summary>The table of providers, and which models there are with it.</summary>
internal sealed class ModelProviders(IEnumerable<IModelProvider> providers)
{
    private readonly IModelProvider[] _all = [.. providers];

    /// <summary>The names of the providers, in the order in which they were registered.</summary>
    public string[] Names => [.. _all.Select(provider => provider.Name)];

    /// <summary>Finds a model's provider; null when it is missing or not in the table.</summary>
    /// <remarks>A model that is named like a provider need not say it again. The last one registered under a name wins.</remarks>
    public IModelProvider? Of(string name, ModelOptions options)
    {
        var wanted = (string.IsNullOrWhiteSpace(options.Provider) ? name : options.Provider).Trim();
        return _all.LastOrDefault(provider => provider.Name.Equals(wanted, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Every model there is: the configured ones, and those that providers have of their own.</summary>
    public IReadOnlyDictionary<string, ModelOptions> All(ModelsOptions options)
    {
        var all = new Dictionary<string, ModelOptions>(options.Models, StringComparer.OrdinalIgnoreCase);
        foreach (var provider in _all.Where(provider => provider.HasOwnModel)) all.TryAdd(provider.Name, new ModelOptions());
        return all;
    }

    /// <summary>The default model: the one that was chosen, else the only remote one, else the local one.</summary>
    /// <returns>Null when there are several remote models, or no model at all, and none was chosen.</returns>
    public string? DefaultOf(ModelsOptions options)
    {
        if (!string.IsNullOrWhiteSpace(options.DefaultModel)) return options.DefaultModel.Trim();
        return Remote(options).Take(2).ToArray() switch
        {
            [] => _all.FirstOrDefault(provider => provider is { IsLocal: true, HasOwnModel: true })?.Name,
            [var only] => only,
            _ => null,
        };
    }

    /// <summary>The models that speak from outside this process.</summary>
    public IEnumerable<string> Remote(ModelsOptions options) =>
        from model in All(options)
        where Of(model.Key, model.Value) is { IsLocal: false }
        orderby model.Key
        select model.Key;
}
