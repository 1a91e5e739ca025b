namespace Gateway.Contracts;

/// <summary>What a client calls on the hub at <c>/hub</c>.</summary>
/// <remarks>A refusal arrives as a <c>HubException</c> whose message ends with <c>code: sentence</c>, with a code of <see cref="ErrorCode"/>.</remarks>
public interface IWorkflowHub
{
    /// <summary>Starts a session and subscribes the caller from its first event.</summary>
    Task<SessionAck> StartSession(StartSession command);

    /// <summary>Pauses a session; no token appears until it is resumed. A paused session stays so.</summary>
    Task<SessionAck> PauseSession(PauseSession command);

    /// <summary>Resumes a paused session with its very next token. A session that is not paused stays so.</summary>
    Task<SessionAck> ResumeSession(ResumeSession command);

    /// <summary>Answers an open prompt, or joins the conversation.</summary>
    Task<SessionAck> UserInput(UserInput command);

    /// <summary>Ends a session as cancelled. A finished session stays as it is.</summary>
    Task<SessionAck> CancelSession(CancelSession command);

    /// <summary>Starts a session that shares the history of another one, and subscribes the caller from its first event.</summary>
    Task<SessionAck> ForkSession(ForkSession command);

    /// <summary>Tries a failed session again in a new one, and subscribes the caller from its first event.</summary>
    Task<SessionAck> RetrySession(RetrySession command);

    /// <summary>Sends every event after <paramref name="afterSeq"/>, stored ones and then live ones, without a seam.</summary>
    /// <remarks>Subscribing again to the same session moves the subscription to the new position.</remarks>
    Task<SessionAck> Subscribe(string sessionId, long afterSeq);

    /// <summary>Returns the folded state at some seq n and sends every event after n.</summary>
    Task<SessionSnapshot> SubscribeSnapshot(string sessionId);

    /// <summary>Ends a subscription; the session goes on.</summary>
    Task Unsubscribe(string sessionId);

    /// <summary>Sends what waits for a person over all sessions, and then each change of that, as long as the caller reads.</summary>
    IAsyncEnumerable<InboxFrame> WatchInbox(WatchInbox watch, CancellationToken cancellationToken);

    /// <summary>Answers <c>pong</c> at once.</summary>
    Task<string> Ping();
}
