using Gateway.Contracts;

namespace Gateway.Tests.Crash.Child;

/// <summary>The kinds of calls of a session log that a process can be killed at.</summary>
internal static class CrashKind
{
    public const string Create = "create";
    public const string ListUnfinished = "list_unfinished";
    public const string Find = "find";
    public const string Read = "read";

    /// <summary>Any append.</summary>
    public const string Append = "append";

    public const string Start = "start";
    public const string Thinking = "thinking";
    public const string Token = "token";
    public const string Usage = "usage";
    public const string NodeCompleted = "node_completed";
    public const string NodeFailed = "node_failed";
    public const string ParallelStart = "parallel_start";
    public const string AwaitingInput = "awaiting_input";
    public const string UserPause = "user_pause";
    public const string Answer = "answer";
    public const string NewAttempt = "new_attempt";
    public const string End = "end";

    /// <summary>What an event is, as an append of it.</summary>
    public static string Of(SessionEvent sessionEvent) => sessionEvent switch
    {
        { Seq: 1 } => Start,
        SessionEvent<TokenStream> { Data.AgentId: TokenStream.UserAgentId } => Answer,
        SessionEvent<TokenStream> { Data.IsThinking: true } => Thinking,
        SessionEvent<TokenStream> => Token,
        SessionEvent<TokenUsage> => Usage,
        SessionEvent<ParallelStart> => ParallelStart,
        SessionEvent<NodeStateChange> { Data: { Status: NodeStatus.Running, Attempt: > 1 } } => NewAttempt,
        SessionEvent<NodeStateChange> { Data.Status: NodeStatus.Completed } => NodeCompleted,
        SessionEvent<NodeStateChange> { Data.Status: NodeStatus.Failed } => NodeFailed,
        SessionEvent<ExecutionPaused> { Data.Reason: PauseReason.AwaitingInput } => AwaitingInput,
        SessionEvent<ExecutionPaused> { Data.Reason: PauseReason.UserRequested } => UserPause,
        SessionEvent<ExecutionCompleted> => End,
        _ => Append,
    };
}
