using System.Collections.Concurrent;
using Gateway.Models;
using Gateway.Tests.Engine;

namespace Gateway.Tests.EndToEnd;

/// <summary>A model for every name, each of whose words a test releases.</summary>
internal sealed class GatedModels : IModelCatalog
{
    private readonly ConcurrentDictionary<string, GatedModel> _models = new();

    public GatedModel this[string name] => _models.GetOrAdd(name, _ => new GatedModel());

    public Model Get(string? name) => new() { Name = name ?? "default", Client = this[name ?? "default"], InputPricePerMillion = 1, OutputPricePerMillion = 10, IdleTimeout = TimeSpan.FromMinutes(1), ReadAhead = 100 };
}
