namespace Gateway.Doors.Http.OpenApi;

/// <summary>A path or header parameter in words.</summary>
internal sealed record ParameterMetadata(string Name, bool InPath, string Description, string? Example, string? Pattern);
