using Gateway.Delivery;

namespace Gateway.Transport;

/// <summary>The sending side of a connection that was opened before HTTP.</summary>
internal sealed record DirectSenderFeature(FrameSender Sender);
