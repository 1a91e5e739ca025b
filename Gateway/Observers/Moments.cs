using Gateway.Contracts;
using Gateway.Log;

namespace Gateway.Observers;

/// <summary>Which events observers are told of.</summary>
internal static class Moments
{
    /// <summary>Whether an event is one.</summary>
    public static bool Is(SessionEvent sessionEvent) => sessionEvent is
        SessionEvent<ExecutionCompleted> or SessionEvent<ExecutionPaused> { Data.Prompt: not null } or SessionEvent<NodeStateChange> { Data: { Status: NodeStatus.Suspended, Prompt: not null } };

    /// <summary>The moment that an event tells of; null when it tells of none.</summary>
    public static SessionMoment? Of(SessionHeader session, LoggedEvent logged)
    {
        // What a fork shares has been told of the session that it comes from.
        if (logged.Seq <= session.ForkedFrom?.Seq) return null;

        // Nearly all of a log is text, which need not be read for that.
        if (logged.IsOf(TokenStream.EventName)) return null;
        return logged.Event switch
        {
            SessionEvent<ExecutionCompleted> e => new SessionEnded { Session = session, Seq = e.Seq, At = e.Timestamp, End = e.Data },
            SessionEvent<NodeStateChange> { Data: { Status: NodeStatus.Suspended, Prompt: { } prompt } } e => new SessionAsked { Session = session, Seq = e.Seq, At = e.Timestamp, Prompt = prompt, NodeId = e.NodeId },
            SessionEvent<ExecutionPaused> { Data.Prompt: { } prompt } e => new SessionAsked { Session = session, Seq = e.Seq, At = e.Timestamp, Prompt = prompt },
            _ => null,
        };
    }
}
