using Gateway.Contracts;

namespace Gateway.Client.Connection;

/// <summary>What the connection tells the client around it; none of these may block.</summary>
internal interface IConnectionObserver
{
    /// <summary>An event arrived on a connection; called one at a time for each.</summary>
    void OnEvent(ConnectionLease lease, SessionEvent sessionEvent);

    /// <summary>There is a new connection, on which nothing is subscribed yet.</summary>
    void OnConnected();

    /// <summary>There will be no more connection.</summary>
    void OnClosed(Exception failure);

    /// <summary>The state changed.</summary>
    void OnStateChanged(GatewayConnectionState state, Exception? reason);
}
