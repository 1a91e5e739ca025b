namespace Gateway.Delivery;

/// <summary>A write under way.</summary>
/// <param name="Bytes">One or more whole frames.</param>
/// <param name="Frame">The connection's own frame that this is; null when these are events.</param>
/// <param name="Subscription">The subscription that these events belong to; null when this is a frame of the connection's own.</param>
/// <param name="Next">The subscription's cursor after the write.</param>
internal readonly record struct PendingWrite(ReadOnlyMemory<byte> Bytes, OutgoingFrame? Frame, Subscription? Subscription, long Next);
