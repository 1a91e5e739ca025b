using Gateway.Log;
using Gateway.Models;
using Gateway.Tools;

namespace Gateway.Engine;

/// <summary>What every session of this process works with.</summary>
internal sealed record SessionEnvironment(ISessionLog Log, ISessionPublisher Publisher, IModelCatalog Models, NodeKinds Kinds, SessionsOptions Options, SessionMemory Memory, CallPlaces Places, IToolCatalog Tools, TimeProvider Time, ILogger<Session> Logger);
