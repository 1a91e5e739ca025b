namespace Gateway.Log;

/// <summary>A session as its log knows it.</summary>
/// <param name="Header">What it was started with.</param>
/// <param name="Status">One of <see cref="Contracts.SessionStatus"/>.</param>
/// <param name="LastSeq">Its last event; 0 before the first.</param>
/// <param name="UpdatedAt">Time of its last event, UTC.</param>
public sealed record SessionEntry(SessionHeader Header, string Status, long LastSeq, DateTime UpdatedAt);
