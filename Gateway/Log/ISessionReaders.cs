namespace Gateway.Log;

/// <summary>Everybody who reads sessions at the moment, on whichever door; told of what the log no longer has.</summary>
public interface ISessionReaders
{
    /// <summary>Tells the readers of sessions that these have been deleted, and ends their subscriptions.</summary>
    void Vanish(IReadOnlyCollection<string> sessionIds);
}
