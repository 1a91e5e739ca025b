namespace Gateway.Log;

/// <summary>A session with events that a follower is not done with.</summary>
/// <param name="Number">Its place in the order in which sessions were created.</param>
/// <param name="SessionId">The session.</param>
public sealed record BehindSession(long Number, string SessionId);
