namespace Gateway.Engine;

/// <summary>What a session would consume, as far as it was followed.</summary>
/// <param name="Status">How it ended; null when it was not followed to its end.</param>
/// <param name="Seconds">How long it takes from its start to its end, without waiting for people.</param>
/// <param name="Answers">How often it asks somebody.</param>
/// <param name="Error">Its last error; null when it had none.</param>
/// <param name="Nodes">The nodes that speak, by id, in the order of their first call.</param>
internal sealed record DryRunResult(string? Status, double Seconds, int Answers, string? Error, IReadOnlyDictionary<string, DryRunNode> Nodes);
