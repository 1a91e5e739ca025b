using Gateway.Doors.Http.Parameters;

namespace Gateway.Doors.Http.OpenApi;

/// <summary>The query parameters an endpoint reads.</summary>
internal sealed record QueryMetadata(IReadOnlyList<QueryParameter> Parameters);
