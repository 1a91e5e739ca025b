namespace Gateway.Delivery;

/// <summary>Everybody who reads a session at the moment, on whichever door.</summary>
public interface ISessionReaders
{
    /// <summary>Tells the readers of a session that it has been deleted, and ends their subscriptions.</summary>
    void Vanish(string sessionId);
}
