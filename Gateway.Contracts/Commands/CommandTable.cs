using System.Collections.Frozen;

namespace Gateway.Contracts;

/// <summary>The one table of commands: the doors, the clients and the tests of the documentation read it.</summary>
public static class CommandTable
{
    /// <summary>Starts a session.</summary>
    public static CommandInfo StartSession { get; } = new("start_session", ContractsJson.Wire.StartSession, nameof(IWorkflowHub.StartSession));

    /// <summary>Pauses a session.</summary>
    public static CommandInfo PauseSession { get; } = new("pause_session", ContractsJson.Wire.PauseSession, nameof(IWorkflowHub.PauseSession))
    {
        Action = new("pause", "Pauses a session at once, in mid-sentence if need be; a no-op when it is paused."),
    };

    /// <summary>Resumes a session.</summary>
    public static CommandInfo ResumeSession { get; } = new("resume_session", ContractsJson.Wire.ResumeSession, nameof(IWorkflowHub.ResumeSession))
    {
        Action = new("resume", "Resumes a session with the very next token; a no-op when it is not paused."),
    };

    /// <summary>Says something to a session.</summary>
    public static CommandInfo UserInput { get; } = new("user_input", ContractsJson.Wire.UserInput, nameof(IWorkflowHub.UserInput))
    {
        Action = new("input", "Says something to a session: answers an open prompt, or joins the conversation.")
        {
            Description = "The first answer to a prompt wins. Without `prompt_id` or `node_id` it answers the prompt that waits longest, if any; with `remark` it answers none.",
            BodyExample = """{"content":"Consider the suburbs too."}""",
            Refusals = [ErrorCode.UnknownPrompt, ErrorCode.PromptAnswered],
        },
    };

    /// <summary>Ends a session as cancelled.</summary>
    public static CommandInfo CancelSession { get; } = new("cancel_session", ContractsJson.Wire.CancelSession, nameof(IWorkflowHub.CancelSession))
    {
        Action = new("cancel", "Ends a session as cancelled; a no-op when it was cancelled before."),
    };

    /// <summary>Starts a subscription.</summary>
    public static CommandInfo Subscribe { get; } = new("subscribe", ContractsJson.Wire.Subscribe, nameof(IWorkflowHub.Subscribe), nameof(IWorkflowHub.SubscribeSnapshot));

    /// <summary>Ends a subscription.</summary>
    public static CommandInfo Unsubscribe { get; } = new("unsubscribe", ContractsJson.Wire.Unsubscribe, nameof(IWorkflowHub.Unsubscribe));

    /// <summary>Asks for a <c>pong</c>.</summary>
    public static CommandInfo Ping { get; } = new("ping", data: null, nameof(IWorkflowHub.Ping));

    /// <summary>Every command, in the order of the protocol's table.</summary>
    public static IReadOnlyList<CommandInfo> All { get; } =
        [StartSession, PauseSession, ResumeSession, UserInput, CancelSession, Subscribe, Unsubscribe, Ping];

    private static readonly FrozenDictionary<string, CommandInfo> s_byName = All.ToFrozenDictionary(command => command.Name, StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, CommandInfo> s_byHubMethod =
        All.SelectMany(command => command.HubMethods, KeyValuePair.Create).ToFrozenDictionary(row => row.Value, row => row.Key, StringComparer.OrdinalIgnoreCase);

    /// <summary>The command with a name; null when there is none.</summary>
    public static CommandInfo? Find(string name) => s_byName.GetValueOrDefault(name);

    /// <summary>The command that a method of the hub asks for; null when there is none.</summary>
    /// <remarks>As SignalR does, it takes capital and small letters for the same.</remarks>
    public static CommandInfo? FindHubMethod(string method) => s_byHubMethod.GetValueOrDefault(method);
}
