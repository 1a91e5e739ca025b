namespace Gateway.Engine;

/// <summary>A decision of a session takes more steps than any should.</summary>
internal sealed class StepLimitException() : Exception($"A decision took more than {StepBudget.Limit} steps.");
