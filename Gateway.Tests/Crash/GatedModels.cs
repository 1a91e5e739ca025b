using Gateway.Models;
using Gateway.Tests.Engine;

namespace Gateway.Tests.Crash;

/// <summary>A model for every name, whose words the test releases; outlives the gateways that use it.</summary>
internal sealed class GatedModels : IModelCatalog
{
    private readonly Dictionary<string, GatedModel> _models = [];

    public GatedModel this[string name]
    {
        get
        {
            lock (_models) return _models.TryGetValue(name, out var found) ? found : _models[name] = new GatedModel();
        }
    }

    public Model Get(string? name) => new()
    {
        Name = name ?? "default",
        Client = this[name ?? "default"],
        InputPricePerMillion = 1m,
        OutputPricePerMillion = 10m,
        IdleTimeout = TimeSpan.FromMinutes(10),
        ReadAhead = 100,
    };
}
