namespace Gateway.Log;

/// <summary>Is told of events once they are in the log.</summary>
internal interface ICommitListener
{
    /// <summary>These events of one session have been committed, in order; called by the session's loop, which must not be held up.</summary>
    void OnCommitted(IReadOnlyList<LoggedEvent> events);
}
