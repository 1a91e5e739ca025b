using Gateway.Contracts;
using Gateway.Engine.Calls;

namespace Gateway.Engine;

/// <summary>Something a session must decide about.</summary>
internal abstract record EngineInput
{
    /// <summary>Begin; ignored when it has begun.</summary>
    public sealed record Start : EngineInput;

    /// <summary>Go on with a log that an earlier process left.</summary>
    /// <param name="MaxInterruptions">A session that was interrupted so often in a row, with nothing new but what models say, stays paused.</param>
    public sealed record Recover(int MaxInterruptions = int.MaxValue) : EngineInput;

    /// <summary>A user steers the session.</summary>
    /// <param name="Asked">The command as the user sent it.</param>
    /// <param name="Interrupted">Whether the work of running nodes was lost with an earlier process, so that they need a new attempt.</param>
    /// <param name="Bounds">How much users may say; null: as much as they want.</param>
    /// <param name="By">The name of who asks; null when the gateway does not know it.</param>
    public sealed record Command(ISessionCommand Asked, bool Interrupted = false, ConversationBounds? Bounds = null, string? By = null) : EngineInput;

    /// <summary>The gateway itself pauses the session.</summary>
    /// <param name="Reason">One of <see cref="PauseReason"/>.</param>
    public sealed record Pause(string Reason) : EngineInput;

    /// <summary>A node's work wrote a piece of text.</summary>
    public sealed record Chunk(string NodeId, int Attempt, string Text, bool IsThinking, int Iteration = 1) : EngineInput;

    /// <summary>A node's work consumed tokens, and may have been cut at a limit of them.</summary>
    public sealed record Usage(string NodeId, int Attempt, long InputTokens, long OutputTokens, decimal CostUsd, bool CostKnown, bool IsTruncated = false, int Iteration = 1) : EngineInput
    {
        /// <summary>How many of the tokens read came from the provider's cache.</summary>
        public long CachedTokens { get; init; }

        /// <summary>How many of the tokens written are reasoning.</summary>
        public long ReasoningTokens { get; init; }
    }

    /// <summary>A node waits for a place among the calls of a model, or no longer.</summary>
    /// <param name="NodeId">The node.</param>
    /// <param name="Attempt">Its attempt.</param>
    /// <param name="Model">The model; null when it waits no more.</param>
    /// <param name="Iteration">The node's round of a loop.</param>
    public sealed record PlaceAwaited(string NodeId, int Attempt, string? Model, int Iteration = 1) : EngineInput;

    /// <summary>The model of a node's agent wants tools to be called, side by side.</summary>
    public sealed record ToolsCalled(string NodeId, int Attempt, IReadOnlyList<RequestedCall> Calls, int Iteration = 1) : EngineInput;

    /// <summary>A call of a tool has ended.</summary>
    /// <param name="NodeId">The node that called.</param>
    /// <param name="Attempt">Its attempt.</param>
    /// <param name="CallId">The call.</param>
    /// <param name="Result">What the tool answered; why it did not, where it failed.</param>
    /// <param name="ResultLength">The length of the result when it is cut.</param>
    /// <param name="Code">One of <see cref="ErrorCode"/> when it failed; null when it did not.</param>
    /// <param name="Iteration">The node's round of a loop.</param>
    public sealed record ToolEnded(string NodeId, int Attempt, string CallId, string Result, long? ResultLength = null, string? Code = null, int Iteration = 1) : EngineInput;

    /// <summary>A node's work is done.</summary>
    public sealed record WorkFinished(string NodeId, int Attempt, int Iteration = 1) : EngineInput;

    /// <summary>A node's work failed.</summary>
    public sealed record WorkFailed(string NodeId, int Attempt, string Code, string Message, int Iteration = 1) : EngineInput
    {
        /// <summary>Whether the next try could end otherwise.</summary>
        public bool MayPass { get; init; } = true;

        /// <summary>For how long who failed asks to be left alone.</summary>
        public TimeSpan? RetryAfter { get; init; }
    }

    /// <summary>A round of a loop is over, and an earlier decision was long enough without what follows.</summary>
    public sealed record GoOn : EngineInput;

    /// <summary>Calls have gone on for a while; budgets may be used up.</summary>
    /// <param name="Spent">What those under way have consumed and no event has told.</param>
    public sealed record CallsWentOn(IReadOnlyList<CallSpent> Spent) : EngineInput;

    /// <summary>Time has passed; the times of some nodes may have come.</summary>
    public sealed record TimePassed : EngineInput;

    /// <summary>The log can be written again after it could not.</summary>
    /// <param name="Since">When the session began to stand still for that, UTC; null: now.</param>
    public sealed record StorageReturned(DateTime? Since = null) : EngineInput;

    /// <summary>Go on with a resume of which only the beginning is in the log.</summary>
    public sealed record FinishResume : EngineInput;

    /// <summary>The session cannot go on at all.</summary>
    public sealed record Fail(string Code, string Message) : EngineInput;
}
