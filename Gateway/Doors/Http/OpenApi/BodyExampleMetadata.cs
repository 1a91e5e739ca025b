namespace Gateway.Doors.Http.OpenApi;

/// <summary>A body that works, as JSON.</summary>
internal sealed record BodyExampleMetadata(string Json);
