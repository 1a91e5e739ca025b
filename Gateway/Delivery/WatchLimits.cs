namespace Gateway.Delivery;

/// <summary>After how many ticks of the clock something is done about a connection.</summary>
/// <param name="Stall">Without progress of a write: it is dropped.</param>
/// <param name="Ping">Of its silence: it is pinged.</param>
/// <param name="Answer">Without an answer to the ping: it is dropped.</param>
/// <param name="Comment">Without an event for it: it is sent a comment, where its wire has one.</param>
internal readonly record struct WatchLimits(long Stall, long Ping, long Answer, long Comment);
