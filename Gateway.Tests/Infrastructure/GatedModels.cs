using System.Collections.Concurrent;
using Gateway.Contracts;
using Gateway.Models;
using Gateway.Refusals;

namespace Gateway.Tests.Infrastructure;

/// <summary>A model for every name, whose words the test releases; outlives the gateways that use it.</summary>
/// <remarks>Two names are special: <c>missing</c> is not configured, and <c>buggy</c> fails with a bug.</remarks>
internal sealed class GatedModels : IModelCatalog
{
    private readonly ConcurrentDictionary<string, GatedModel> _models = new();

    /// <summary>Whether the default model is the only one.</summary>
    public bool DefaultOnly { get; init; }

    public decimal? InputPrice { get; init; } = 1m;

    public decimal? OutputPrice { get; init; } = 10m;

    /// <summary>Prices of models that cost something else.</summary>
    public Dictionary<string, (decimal Input, decimal Output)> Prices { get; } = [];

    /// <summary>What models may be asked, where that is bounded.</summary>
    public Dictionary<string, ModelLimits> Limits { get; } = [];

    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromMinutes(10);

    public int ReadAhead { get; init; } = 100;

    public GatedModel this[string name] => _models.GetOrAdd(name, _ => new GatedModel());

    public Model Get(string? name)
    {
        name ??= "default";
        if (name == "missing" || (DefaultOnly && name != "default")) throw new GatewayException(ErrorCode.ModelNotConfigured, $"Model '{name}' is not configured.");
        if (name == "buggy") throw new InvalidOperationException("A bug.");
        return new()
        {
            Name = name,
            Client = this[name],
            InputPricePerMillion = Prices.TryGetValue(name, out var prices) ? prices.Input : InputPrice,
            OutputPricePerMillion = Prices.TryGetValue(name, out prices) ? prices.Output : OutputPrice,
            Limits = Limits.GetValueOrDefault(name, ModelLimits.None),
            IdleTimeout = IdleTimeout,
            ReadAhead = ReadAhead,
        };
    }
}
