namespace Gateway.Engine;

/// <summary>What a call that is under way has consumed and no event has told, as far as is known.</summary>
/// <param name="NodeId">Whose call it is.</param>
/// <param name="Tokens">Tokens read and written, estimated until the model's provider tells.</param>
/// <param name="Usd">US dollars.</param>
internal readonly record struct CallSpent(string NodeId, long Tokens, decimal Usd);
