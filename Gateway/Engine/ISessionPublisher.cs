using Gateway.Log;

namespace Gateway.Engine;

/// <summary>Shows committed events to whoever watches.</summary>
public interface ISessionPublisher
{
    /// <summary>Publishes committed events in order; never waits for a client.</summary>
    /// <remarks>Called by the session's one writer, after the commit; seqs are consecutive from call to call.</remarks>
    void Publish(IReadOnlyList<LoggedEvent> events);
}
