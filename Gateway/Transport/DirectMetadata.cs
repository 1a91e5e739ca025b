namespace Gateway.Transport;

/// <summary>Says that an endpoint may be served below HTTP, by the <see cref="IDirectEndpoint"/> of this path.</summary>
internal sealed record DirectMetadata(string Path);
