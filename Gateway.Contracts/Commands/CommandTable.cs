using System.Collections.Frozen;

namespace Gateway.Contracts;

/// <summary>The one table of commands: the doors, the clients and the tests of the documentation read it.</summary>
public static class CommandTable
{
    /// <summary>Starts a session of a workflow.</summary>
    /// <remarks>
    /// A stored workflow is named; a whole definition is taken and refused alike on every wire. The same start again is a no-op that
    /// acks; another one with a taken id is refused (<c>session_exists</c>), and so is one with the id of a session that was deleted lately.
    /// </remarks>
    public static CommandInfo StartSession { get; } = new("start_session", ContractsJson.Wire.StartSession, nameof(IWorkflowHub.StartSession));

    /// <summary>Pauses a session at once, in mid-sentence if need be; a no-op that acks when it is paused.</summary>
    public static CommandInfo PauseSession { get; } = new("pause_session", ContractsJson.Wire.PauseSession, nameof(IWorkflowHub.PauseSession))
    {
        Action = new("pause", "Pauses a session at once, in mid-sentence if need be; a no-op when it is paused."),
    };

    /// <summary>Resumes a session with the very next token; a no-op that acks when it is not paused.</summary>
    public static CommandInfo ResumeSession { get; } = new("resume_session", ContractsJson.Wire.ResumeSession, nameof(IWorkflowHub.ResumeSession))
    {
        Action = new("resume", "Resumes a session with the very next token; a no-op when it is not paused."),
    };

    /// <summary>Says something to a session: answers an open prompt, or joins the conversation.</summary>
    /// <remarks>
    /// The first answer wins, the second is refused (<c>prompt_answered</c>). Without <see cref="Contracts.UserInput.PromptId"/> or
    /// <see cref="Contracts.UserInput.NodeId"/> it answers the prompt that waits longest, and where none is open it joins the conversation: so
    /// a prompt that opens a moment earlier takes it for its answer. Say which is meant: a prompt, or, with
    /// <see cref="Contracts.UserInput.Remark"/>, the whole session. An unnamed repetition of an answer within 2 s is refused
    /// (<c>prompt_answered</c>); blank words are refused (<c>invalid_data</c>). <see cref="Contracts.UserInput.Action"/> and
    /// <see cref="Contracts.UserInput.Data"/> answer a prompt that has actions or a schema, with or without
    /// <see cref="Contracts.UserInput.Content"/>; an answer that does not fit is refused (<c>invalid_data</c>, with the reasons), one to a prompt
    /// that is for others with <c>not_assigned</c>, one that comes too late with <c>prompt_expired</c>.
    /// </remarks>
    public static CommandInfo UserInput { get; } = new("user_input", ContractsJson.Wire.UserInput, nameof(IWorkflowHub.UserInput))
    {
        Action = new("input", "Says something to a session: answers an open prompt, or joins the conversation.")
        {
            Description = "The first answer to a prompt wins. Without `prompt_id` or `node_id` it answers the prompt that waits longest, if any; with `remark` it answers none.",
            BodyExample = """{"content":"Consider the suburbs too."}""",
            Refusals = [ErrorCode.UnknownPrompt, ErrorCode.PromptAnswered],
        },
    };

    /// <summary>Ends a session as cancelled; a no-op that acks when it was cancelled before.</summary>
    public static CommandInfo CancelSession { get; } = new("cancel_session", ContractsJson.Wire.CancelSession, nameof(IWorkflowHub.CancelSession))
    {
        Action = new("cancel", "Ends a session as cancelled; a no-op when it was cancelled before."),
    };

    /// <summary>Starts a session that shares the history of another one up to an event, and goes on differently.</summary>
    /// <remarks>
    /// What has finished stays so; what was under way begins again as a new attempt. The connection then watches the new session from its
    /// first event, as after a start. The same fork again, with an id of the client's, is a no-op that acks; an event that is none of the other
    /// session's, or its end, is refused (<c>seq_out_of_range</c>), and so is a change of what has finished (<c>invalid_workflow</c>).
    /// </remarks>
    public static CommandInfo ForkSession { get; } = new("fork_session", ContractsJson.Wire.ForkSession, nameof(IWorkflowHub.ForkSession));

    /// <summary>Tries a failed session again: a fork of it, in which what failed runs again.</summary>
    /// <remarks>
    /// As for a fork, but that it goes on from the failure; a session that has not failed is refused (<c>session_not_failed</c>).
    /// </remarks>
    public static CommandInfo RetrySession { get; } = new("retry_session", ContractsJson.Wire.RetrySession, nameof(IWorkflowHub.RetrySession));

    /// <summary>Sends a session's events, stored ones and then live ones, without a seam.</summary>
    /// <remarks>Subscribing again to the same session moves the subscription to the new position.</remarks>
    public static CommandInfo Subscribe { get; } = new("subscribe", ContractsJson.Wire.Subscribe, nameof(IWorkflowHub.Subscribe), nameof(IWorkflowHub.SubscribeSnapshot));

    /// <summary>Ends a subscription; the session goes on.</summary>
    public static CommandInfo Unsubscribe { get; } = new("unsubscribe", ContractsJson.Wire.Unsubscribe, nameof(IWorkflowHub.Unsubscribe));

    /// <summary>Asks for a <c>pong</c>; clients send it every 30 s.</summary>
    public static CommandInfo Ping { get; } = new("ping", data: null, nameof(IWorkflowHub.Ping));

    /// <summary>Every command, in the order of the protocol's table.</summary>
    public static IReadOnlyList<CommandInfo> All { get; } =
        [StartSession, PauseSession, ResumeSession, UserInput, CancelSession, ForkSession, RetrySession, Subscribe, Unsubscribe, Ping];

    private static readonly FrozenDictionary<string, CommandInfo> s_byName = All.ToFrozenDictionary(command => command.Name, StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, CommandInfo> s_byHubMethod =
        All.SelectMany(command => command.HubMethods, KeyValuePair.Create).ToFrozenDictionary(row => row.Value, row => row.Key, StringComparer.OrdinalIgnoreCase);

    /// <summary>The command with a name; null when there is none.</summary>
    public static CommandInfo? Find(string name) => s_byName.GetValueOrDefault(name);

    /// <summary>The command that a method of the hub asks for; null when there is none.</summary>
    /// <remarks>As SignalR does, it takes capital and small letters for the same.</remarks>
    public static CommandInfo? FindHubMethod(string method) => s_byHubMethod.GetValueOrDefault(method);
}
