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
    private readonly FrozenDictionary<string, string[]> _priceNames;
    private readonly PriceTable _prices;
    private readonly string _default;

    public ModelCatalog(IOptions<ModelsOptions> options, ModelProviders providers, PriceTable prices)
    {
        _prices = prices;
        _priceNames = providers.All(options.Value).ToFrozenDictionary(m => m.Key, m => PriceNames(m.Key, m.Value, providers), StringComparer.OrdinalIgnoreCase);
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
            ? Priced(model)
            : throw new GatewayException(
                ErrorCode.ModelNotConfigured,
                $"The model \"{name}\" is not configured; configured are {ModelsOptionsValidator.Names(_models.Keys)}. Add it as {ModelsOptions.SectionOf(name)}.");
    }

    public void Dispose()
    {
        foreach (var model in _models.Values) model.Client.Dispose();
    }

    // A call costs what its model costs when it begins.
    private Model Priced(Model model)
    {
        if (!_prices.HasFiles) return model;
        var prices = new ModelPrices(model.InputPricePerMillion, model.OutputPricePerMillion, model.CachedInputPricePerMillion, model.ReasoningPricePerMillion).Or(_prices.Find(_priceNames[model.Name]));
        return model with { InputPricePerMillion = prices.Input, OutputPricePerMillion = prices.Output, CachedInputPricePerMillion = prices.CachedInput, ReasoningPricePerMillion = prices.Reasoning };
    }

    // The name here, the provider's name for it, and that behind the provider's own, as LiteLLM writes it.
    private static string[] PriceNames(string name, ModelOptions options, ModelProviders providers) =>
        string.IsNullOrWhiteSpace(options.Model) ? [name] : [name, options.Model.Trim(), $"{providers.Of(name, options)?.Name}/{options.Model.Trim()}"];

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
            CachedInputPricePerMillion = options.CachedInputPricePerMillion,
            ReasoningPricePerMillion = options.ReasoningPricePerMillion,
            Limits = new ModelLimits(options.MaxConcurrency, options.RequestsPerMinute, options.TokensPerMinute),
            IdleTimeout = options.IdleTimeout,
            ReadAhead = provider.IsLocal ? 1 : NetworkReadAhead,
        };
    }
}
