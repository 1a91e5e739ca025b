namespace Gateway.Contracts;

/// <summary>The payload of a session event: what happened, in which session.</summary>
public interface IEventData
{
    /// <summary>The event's name on the wire, such as <c>token_stream</c>.</summary>
    static abstract string EventName { get; }

    /// <summary>The session the event belongs to.</summary>
    string SessionId { get; }

    /// <summary>The node the event is about; null when it concerns the whole session.</summary>
    string? NodeId { get; }
}
