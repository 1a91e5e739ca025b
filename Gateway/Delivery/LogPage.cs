using Gateway.Refusals;

namespace Gateway.Delivery;

/// <summary>A piece of a session's log, encoded for one wire.</summary>
/// <param name="Frames">Ready frames; empty at the end of the log, and when it was not read.</param>
/// <param name="Next">Seq after the last of them.</param>
/// <param name="Failed">The log could not be read at the moment.</param>
/// <param name="Refusal">The log will never be read on from here; null when it may.</param>
internal readonly record struct LogPage(ReadOnlyMemory<byte> Frames, long Next, bool Failed = false, GatewayException? Refusal = null);
