namespace Gateway.Delivery;

/// <summary>What all senders share.</summary>
/// <param name="Pages">Reads the log for those that are behind.</param>
/// <param name="Clock">Counts the ticks.</param>
/// <param name="Time">Says what time it is.</param>
internal sealed record SenderServices(LogPages Pages, DeliveryClock Clock, TimeProvider Time);
