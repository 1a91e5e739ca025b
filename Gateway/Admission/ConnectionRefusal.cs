namespace Gateway.Admission;

/// <summary>Why a connection is not taken.</summary>
/// <param name="Code">One of <see cref="Contracts.ErrorCode"/>.</param>
/// <param name="Status">The HTTP status of the answer.</param>
/// <param name="Sentence">What people are told: the limit, its setting and the way out.</param>
/// <param name="Limit">The limit as the metrics name it; null when no limit refuses.</param>
internal sealed record ConnectionRefusal(string Code, int Status, string Sentence, string? Limit);
