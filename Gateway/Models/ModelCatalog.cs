using System.Collections.Frozen;
using Gateway.Contracts;
using Gateway.Refusals;
using Microsoft.Extensions.Options;

namespace Gateway.Models;

/// <summary>The configured models, each with its chat client.</summary>
/// <remarks>Owns the clients and their connections; disposing it closes them.</remarks>
internal sealed class ModelCatalog : IModelCatalog, IDisposable
{
    // A provider's whole answer fits, so that a pause never leaves its connection unread.
    private const int NetworkReadAhead = 4096;

    private readonly FrozenDictionary<string, Model> _models;
    private readonly string _default;

    public ModelCatalog(IOptions<ModelsOptions> options, ModelProviders providers)
    {
        _models = providers.All(options.Value)
            .Select(m => Create(m.Key, m.Value, providers))
            .ToFrozenDictionary(m => m.Name, StringComparer.OrdinalIgnoreCase);

        // The validator has made sure that there is a default and that it is configured.
        _default = providers.DefaultOf(options.Value)!;
    }

    public Model Get(string? name)
    {
        if (string.IsNullOrWhiteSpace(name) || name.Equals(ModelsOptions.DefaultName, StringComparison.OrdinalIgnoreCase)) name = _default;
        return _models.TryGetValue(name, out var model)
            ? model
            : throw new GatewayException(
                ErrorCode.ModelNotConfigured,
                $"The model \"{name}\" is not configured; configured are {ModelsOptionsValidator.Names(_models.Keys)}. Add it as {ModelsOptions.SectionOf(name)}.");
    }

    public void Dispose()
    {
        foreach (var model in _models.Values) model.Client.Dispose();
    }

    private static Model Create(string name, ModelOptions options, ModelProviders providers)
    {
        // The validator has made sure that there is one.
        var provider = providers.Of(name, options)!;

        // What is computed here costs nothing, and that is known.
        decimal? free = provider.IsLocal ? 0 : null;
        return new Model
        {
            Name = name,
            Client = provider.CreateClient(name, options),
            InputPricePerMillion = options.InputPricePerMillion ?? free,
            OutputPricePerMillion = options.OutputPricePerMillion ?? free,
            IdleTimeout = options.IdleTimeout,
            ReadAhead = provider.IsLocal ? 1 : NetworkReadAhead,
        };
    }
}
