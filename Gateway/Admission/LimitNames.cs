namespace Gateway.Admission;

/// <summary>The limits as the metric <c>gateway.refusals</c> names them.</summary>
internal static class LimitNames
{
    public const string Connections = "connections";
    public const string ConnectionsPerAddress = "connections_per_address";
    public const string Subscriptions = "subscriptions";
    public const string Commands = "commands";
    public const string MessageBytes = "message_bytes";
    public const string BytesInFlight = "bytes_in_flight";
    public const string Descriptors = "descriptors";
}
