using Gateway.Log;
using Gateway.Models;

namespace Gateway.Engine;

/// <summary>What every session works with.</summary>
internal sealed record SessionServices(ISessionLog Log, ISessionPublisher Publisher, IModelCatalog Models, TimeProvider Time, StorageHealth Health, ILogger<Session> Logger);
