namespace Gateway.Admission;

/// <summary>The admission's decision: let in, with a place where one is needed, or refused.</summary>
/// <param name="Place">The place; whoever asked for the decision gives it back.</param>
/// <param name="Refusal">Why the request is refused; null when it is let in.</param>
internal readonly record struct AdmissionResult(ConnectionPlace? Place, ConnectionRefusal? Refusal);
