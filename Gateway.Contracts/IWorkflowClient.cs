namespace Gateway.Contracts;

/// <summary>What the hub calls on a client: one method per event type.</summary>
public interface IWorkflowClient
{
    /// <summary>A piece of text of an agent or a user.</summary>
    Task TokenStream(SessionEvent<TokenStream> sessionEvent);

    /// <summary>A node changed its status.</summary>
    Task NodeStateChange(SessionEvent<NodeStateChange> sessionEvent);

    /// <summary>A parallel node starts its branches.</summary>
    Task ParallelStart(SessionEvent<ParallelStart> sessionEvent);

    /// <summary>What a model call consumed.</summary>
    Task TokenUsage(SessionEvent<TokenUsage> sessionEvent);

    /// <summary>The session stands still.</summary>
    Task ExecutionPaused(SessionEvent<ExecutionPaused> sessionEvent);

    /// <summary>The session ended.</summary>
    Task ExecutionCompleted(SessionEvent<ExecutionCompleted> sessionEvent);

    /// <summary>Something in the session failed.</summary>
    Task Error(SessionEvent<ExecutionError> sessionEvent);
}
