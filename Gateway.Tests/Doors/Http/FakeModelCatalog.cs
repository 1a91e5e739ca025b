using Gateway.Contracts;
using Gateway.Models;
using Gateway.Refusals;

namespace Gateway.Tests.Doors.Http;

/// <summary>Knows the default model only.</summary>
public sealed class FakeModelCatalog : IModelCatalog
{
    public Model Get(string? name) => name is null or "default"
        ? new Model { Name = "default", Client = null!, IdleTimeout = TimeSpan.FromMinutes(1), ReadAhead = 1 }
        : throw new GatewayException(ErrorCode.ModelNotConfigured, $"There is no model '{name}'; set Gateway:Models:{name}.");
}
