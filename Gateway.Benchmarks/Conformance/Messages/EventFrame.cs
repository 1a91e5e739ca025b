namespace Gateway.Benchmarks.Conformance.Messages;

/// <summary>What the kit must know of an event that passes.</summary>
/// <param name="SessionId">Its session.</param>
/// <param name="Seq">Its place in the session's log.</param>
/// <param name="Timestamp">Its time, as text.</param>
/// <param name="IsText">Whether it is a piece of an agent's text.</param>
internal sealed record EventFrame(string SessionId, long Seq, string Timestamp, bool IsText);
