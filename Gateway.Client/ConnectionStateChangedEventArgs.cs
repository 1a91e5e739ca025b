namespace Gateway.Client;

/// <summary>A change of a client's connection.</summary>
/// <param name="state">The new state.</param>
/// <param name="reason">What went wrong; null when nothing did.</param>
public sealed class ConnectionStateChangedEventArgs(GatewayConnectionState state, Exception? reason) : EventArgs
{
    /// <summary>The new state.</summary>
    public GatewayConnectionState State { get; } = state;

    /// <summary>Why the connection was lost or could not be made; null otherwise.</summary>
    public Exception? Reason { get; } = reason;
}
