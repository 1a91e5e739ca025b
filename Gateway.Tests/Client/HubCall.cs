namespace Gateway.Tests.Client;

/// <summary>A call that reached the fake hub.</summary>
internal sealed record HubCall(string Method, string? SessionId, long AfterSeq = 0, object? Argument = null);
