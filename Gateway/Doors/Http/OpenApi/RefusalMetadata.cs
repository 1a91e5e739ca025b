namespace Gateway.Doors.Http.OpenApi;

/// <summary>The codes an endpoint may refuse with.</summary>
/// <param name="Codes">Each one of <see cref="Contracts.ErrorCode"/>.</param>
internal sealed record RefusalMetadata(IReadOnlyList<string> Codes);
