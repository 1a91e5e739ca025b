namespace Gateway.Doors.Http.OpenApi;

/// <summary>A body of an answer that is a stream of text.</summary>
internal sealed record StreamMetadata(string MediaType, string Example);
