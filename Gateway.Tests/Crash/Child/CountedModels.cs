using Gateway.Models;

namespace Gateway.Tests.Crash.Child;

/// <summary>Gives every agent the same counted model, whatever it asks for.</summary>
internal sealed class CountedModels(string ledger, int life, Task go) : IModelCatalog
{
    private readonly Model _model = new()
    {
        Name = "counted",
        Client = new CountedModel(ledger, life, go),
        InputPricePerMillion = 1m,
        OutputPricePerMillion = 10m,
        IdleTimeout = TimeSpan.FromMinutes(10),
        ReadAhead = 1,
    };

    public Model Get(string? name) => _model;
}
