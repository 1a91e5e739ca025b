namespace Gateway.Contracts;

/// <summary>Stable codes of everything the gateway refuses or reports as failed; the same on every wire.</summary>
public static class ErrorCode
{
    /// <summary>The frame is not JSON, or not an object.</summary>
    public const string InvalidFrame = "invalid_frame";

    /// <summary>The frame has no <c>cmd</c>.</summary>
    public const string MissingCommand = "missing_command";

    /// <summary>The gateway does not know this <c>cmd</c>.</summary>
    public const string UnknownCommand = "unknown_command";

    /// <summary>A member is missing or of the wrong shape.</summary>
    public const string InvalidData = "invalid_data";

    /// <summary>A session id is not of the form <c>[A-Za-z0-9_-]{1,64}</c>.</summary>
    public const string InvalidSessionId = "invalid_session_id";

    /// <summary>A command left out its session id and the connection has none to fall back on.</summary>
    public const string NoSession = "no_session";

    /// <summary>There is no session with this id.</summary>
    public const string UnknownSession = "unknown_session";

    /// <summary>The session id is taken by a session with other content.</summary>
    public const string SessionExists = "session_exists";

    /// <summary>The session has ended and takes no more commands.</summary>
    public const string SessionFinished = "session_finished";

    /// <summary>The session is still at work; only a finished one can be deleted.</summary>
    public const string SessionRunning = "session_running";

    /// <summary>The session has not failed; only a failed one can be tried again.</summary>
    public const string SessionNotFailed = "session_not_failed";

    /// <summary>There is no workflow with this id.</summary>
    public const string UnknownWorkflow = "unknown_workflow";

    /// <summary>The workflow definition has problems, all of which are listed.</summary>
    public const string InvalidWorkflow = "invalid_workflow";

    /// <summary>A model the workflow names is not configured, or lacks what its provider needs.</summary>
    public const string ModelNotConfigured = "model_not_configured";

    /// <summary>The prompt was answered already; the first answer wins.</summary>
    public const string PromptAnswered = "prompt_answered";

    /// <summary>Nobody answered the prompt in time.</summary>
    public const string PromptExpired = "prompt_expired";

    /// <summary>The prompt is for others to answer.</summary>
    public const string NotAssigned = "not_assigned";

    /// <summary>No such prompt is or was open.</summary>
    public const string UnknownPrompt = "unknown_prompt";

    /// <summary>The seq to resume after is negative or beyond the session's last event.</summary>
    public const string SeqOutOfRange = "seq_out_of_range";

    /// <summary>A budget is nearly used up; nothing stops.</summary>
    public const string BudgetWarning = "budget_warning";

    /// <summary>A budget is used up, and only an answer to the session's prompt raises it or ends what has used it up.</summary>
    public const string BudgetExceeded = "budget_exceeded";

    /// <summary>The model refused or broke off.</summary>
    public const string ModelError = "model_error";

    /// <summary>The model did not answer in time.</summary>
    public const string ModelTimeout = "model_timeout";

    /// <summary>The work of a node took longer than its <c>timeout</c> allows, or the time has come that a node of a host's own type waits for.</summary>
    public const string NodeTimeout = "node_timeout";

    /// <summary>A template or an expression of a node has no value: a path leads nowhere, or a limit is reached.</summary>
    public const string TemplateFailed = "template_failed";

    /// <summary>Fewer nodes led to a join than it needs.</summary>
    public const string QuorumNotReached = "quorum_not_reached";

    /// <summary>A round of a loop ended and nothing of its body led back.</summary>
    public const string NothingCameBack = "nothing_came_back";

    /// <summary>A child workflow failed with one of its nodes.</summary>
    public const string WorkflowFailed = "workflow_failed";

    /// <summary>What an agent wrote is not the JSON that its node asks for.</summary>
    public const string OutputInvalid = "output_invalid";

    /// <summary>A tool failed, or was given arguments that it does not take.</summary>
    public const string ToolFailed = "tool_failed";

    /// <summary>A tool did not answer in time.</summary>
    public const string ToolTimeout = "tool_timeout";

    /// <summary>There is no such tool, or its server cannot be reached.</summary>
    public const string ToolUnavailable = "tool_unavailable";

    /// <summary>A person rejected a node's call of a tool.</summary>
    public const string ToolRejected = "tool_rejected";

    /// <summary>The message is larger than the gateway takes.</summary>
    public const string MessageTooLarge = "message_too_large";

    /// <summary>There is nothing at this address.</summary>
    public const string NotFound = "not_found";

    /// <summary>The address does not take this HTTP method.</summary>
    public const string MethodNotAllowed = "method_not_allowed";

    /// <summary>The request's body is not sent as JSON.</summary>
    public const string UnsupportedMediaType = "unsupported_media_type";

    /// <summary>The request comes from a web page of another origin, which is not allowed.</summary>
    public const string OriginNotAllowed = "origin_not_allowed";

    /// <summary>A limit of connections or commands is reached.</summary>
    public const string LimitExceeded = "limit_exceeded";

    /// <summary>The connection has as many subscriptions as it may have; waiting does not help, ending one does.</summary>
    public const string TooManySubscriptions = "too_many_subscriptions";

    /// <summary>The session log cannot be written or read at the moment.</summary>
    public const string StorageUnavailable = "storage_unavailable";

    /// <summary>The session's log is damaged and cannot be replayed.</summary>
    public const string LogDamaged = "log_damaged";

    /// <summary>The gateway is shutting down and takes no new work.</summary>
    public const string ShuttingDown = "shutting_down";

    /// <summary>A bug in the gateway; its log holds the details.</summary>
    public const string InternalError = "internal_error";
}
