using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Gateway.Contracts;

namespace Gateway.Tests.Contracts;

/// <summary>Every message of the contract, with and without the members that may be absent.</summary>
/// <remarks>Long because the contract is: one entry a message.</remarks>
internal static class WireMessages
{
    private static readonly DateTime Time = new DateTime(2026, 11, 22, 10, 0, 0, DateTimeKind.Utc).AddTicks(1234567);
    private static readonly Totals Spent = new() { InputTokens = 1200, OutputTokens = 340, EstimatedCostUsd = 0.0123m };
    private static readonly ToolCall Waiting = new() { CallId = "clerk.2.1", Name = "search", Status = ToolCallStatus.Waiting, Round = 2, Approval = ToolApproval.Always, Arguments = JsonElement.Parse("""{"query":"tea","most":3}""") };
    private static readonly Prompt Question = new() { PromptId = "p-1", Text = "Fine?" };
    private static readonly Prompt Approval = new()
    {
        PromptId = "mail:call-1",
        Text = "Send the mail?",
        Kind = PromptKind.ToolApproval,
        Actions = [new PromptAction { Id = PromptAction.Approve, Label = "Send" }, new PromptAction { Id = PromptAction.Edit, NeedsInput = true }],
        Schema = JsonElement.Parse("""{"type":"object","required":["to"]}"""),
        Data = JsonElement.Parse("""{"to":"a@example.org"}"""),
        Assignees = ["anna", "ben"],
        RemindAt = Time.AddHours(1),
        ExpiresAt = Time.AddDays(1),
        OnExpiry = PromptAction.Reject,
        Reminder = true,
    };

    private static readonly InboxPrompt Waits = new() { SessionId = "s-7", WorkflowId = "reviewed-draft", NodeId = "review", PromptId = "p-1", Seq = 12, Since = Time, Prompt = Question };
    private static readonly Prompt BudgetPrompt = new()
    {
        PromptId = "budget#1",
        Text = "The session's budget is used up: 10,240 of 10,000 tokens. Raise it, or stop?",
        Kind = PromptKind.Budget,
        Actions = [new PromptAction { Id = PromptAction.Raise }, new PromptAction { Id = PromptAction.Stop }],
        Data = JsonElement.Parse("""{"limit":{"tokens":10000},"spent":{"tokens":10240,"usd":0.5,"seconds":12.5},"reached":["tokens"]}"""),
    };

    private static readonly BudgetSnapshot Budget = new() { Limit = new BudgetPolicy { Tokens = 10000, Usd = 0.50m, Duration = "600s" }, Spent = new BudgetSpent { Tokens = 8100, Usd = 0.10m, Seconds = 12.5m }, Warned = true };

    public static IReadOnlyList<WireMessage> All { get; } =
    [
        .. Events(),
        .. Commands(),
        .. Replies(),
        .. Sessions(),
        .. Workflows(),
    ];

    private static IEnumerable<WireMessage> Events()
    {
        yield return Event("token_stream", new TokenStream { SessionId = "s-7", NodeId = "affirmative", AgentId = "value_defender", Chunk = "Hel", IsThinking = false });
        yield return Event("token_stream.thinking", new TokenStream { SessionId = "s-7", NodeId = "affirmative", AgentId = "value_defender", Chunk = "Hm", IsThinking = true });
        yield return Event("token_stream.user", new TokenStream { SessionId = "s-7", AgentId = TokenStream.UserAgentId, Chunk = "And the \"cost\"?\n", IsThinking = false });
        yield return Event("token_stream.merged", new TokenStream { SessionId = "s-7", NodeId = "affirmative", AgentId = "value_defender", Chunk = "Hello", IsThinking = false }, mergedFrom: 12);
        yield return Event("token_stream.answer", new TokenStream { SessionId = "s-7", NodeId = "review", AgentId = TokenStream.UserAgentId, Chunk = "Shorter.", IsThinking = false, Answer = new PromptAnswer { Action = "edit", Data = JsonElement.Parse("""{"to":"b@example.org"}"""), By = "anna" } });
        yield return Event("token_stream.tool", new TokenStream { SessionId = "s-7", NodeId = "clerk", AgentId = "clerk", Chunk = "search {\"query\":\"tea\"}\n", IsThinking = true, Tool = Waiting });
        yield return Event("token_stream.tool_result", new TokenStream { SessionId = "s-7", NodeId = "clerk", AgentId = "clerk", Chunk = "search answered: Tea is\n", IsThinking = true, Tool = new ToolCall { CallId = "clerk.2.1", Name = "search", Status = ToolCallStatus.Completed, Round = 2, Result = "Tea is", ResultLength = 70000 } });
        yield return Event("token_stream.iteration", new TokenStream { SessionId = "s-7", NodeId = "affirmative", AgentId = "value_defender", Chunk = "Hel", IsThinking = false, Iteration = 2 });
        yield return Event("node_state_change", new NodeStateChange { SessionId = "s-7", NodeId = "affirmative", Status = NodeStatus.Running });
        yield return Event("node_state_change.full", new NodeStateChange { SessionId = "s-7", NodeId = "review", Status = NodeStatus.Suspended, Attempt = 2, Iteration = 3, Prompt = Question });
        yield return Event("node_state_change.prompt", new NodeStateChange { SessionId = "s-7", NodeId = "review", Status = NodeStatus.Suspended, Prompt = Approval });
        yield return Event("node_state_change.tool", new NodeStateChange { SessionId = "s-7", NodeId = "clerk", Status = NodeStatus.Suspended, Prompt = new Prompt { PromptId = "clerk.2.1", Text = "May search be called?", Tool = Waiting } });
        yield return Event("node_state_change.round", new NodeStateChange { SessionId = "s-7", NodeId = "rounds", Status = NodeStatus.Running, Round = 2, Result = JsonElement.Parse("""{"score":71.5}""") });
        yield return Event("node_state_change.next", new NodeStateChange { SessionId = "s-7", NodeId = "way", Status = NodeStatus.Completed, Iteration = 4, Next = ["rewrite"] });
        yield return Event("node_state_change.given", new NodeStateChange { SessionId = "s-7", NodeId = "each", Status = NodeStatus.Running, Given = JsonElement.Parse("""["tea","coffee"]""") });
        yield return Event("node_state_change.item", new NodeStateChange { SessionId = "s-7", NodeId = "search[0]", Status = NodeStatus.Pending, Iteration = 2, Item = 0 });
        yield return Event("node_state_change.retry", new NodeStateChange { SessionId = "s-7", NodeId = "affirmative", Status = NodeStatus.Running, Attempt = 3, Cause = AttemptCause.Retry, Model = "second", Wait = new NodeWait { Reason = NodeWaitReason.Retry, Until = Time.AddSeconds(2) } });
        yield return Event("node_state_change.wait", new NodeStateChange { SessionId = "s-7", NodeId = "affirmative", Status = NodeStatus.Running, Wait = new NodeWait { Reason = NodeWaitReason.Model, Model = "second" } });
        yield return Event("token_stream.item", new TokenStream { SessionId = "s-7", NodeId = "search[1]", AgentId = "searcher", Chunk = "Hel", IsThinking = false, Item = 1 });
        yield return Event("parallel_start", new ParallelStart { SessionId = "s-7", NodeId = "debate", Branches = ["affirmative", "negative"] });
        yield return Event("token_usage", new TokenUsage { SessionId = "s-7", NodeId = "affirmative", AgentId = "value_defender", InputTokens = 600, OutputTokens = 170, EstimatedCostUsd = 0.00615m });
        yield return Event("token_usage.model", new TokenUsage { SessionId = "s-7", NodeId = "affirmative", AgentId = "value_defender", Model = "second", InputTokens = 600, OutputTokens = 170, EstimatedCostUsd = 0.00615m });
        yield return Event("token_usage.no_price", new TokenUsage { SessionId = "s-7", NodeId = "affirmative", AgentId = "value_defender", InputTokens = 600, OutputTokens = 170, EstimatedCostUsd = 0, CostKnown = false });
        yield return Event("token_usage.truncated", new TokenUsage { SessionId = "s-7", NodeId = "affirmative", AgentId = "value_defender", InputTokens = 600, OutputTokens = 170, EstimatedCostUsd = 0.00615m, Truncated = true });
        yield return Event("execution_paused", new ExecutionPaused { SessionId = "s-7", Reason = PauseReason.UserRequested });
        yield return Event("execution_paused.held_input", new ExecutionPaused { SessionId = "s-7", Reason = PauseReason.AwaitingInput, HeldInput = new HeldInput { Content = "Yes.", NodeId = "review" } });
        yield return Event("execution_paused.held_answer", new ExecutionPaused { SessionId = "s-7", Reason = PauseReason.UserRequested, HeldInput = new HeldInput { Content = "approve", NodeId = "review", Answer = new PromptAnswer { Action = "approve" } } });
        yield return Event("execution_paused.budget", new ExecutionPaused { SessionId = "s-7", Reason = PauseReason.BudgetExceeded, Prompt = BudgetPrompt });
        yield return Event("execution_paused.budget_answer", new ExecutionPaused { SessionId = "s-7", Reason = PauseReason.BudgetExceeded, HeldInput = new HeldInput { Content = "raise", Answer = new PromptAnswer { Action = "raise", Data = JsonElement.Parse("""{"tokens":5000}"""), PromptId = "budget#1", By = "anna" } } });
        yield return Event("execution_paused.forked", new ExecutionPaused { SessionId = "s-8", Reason = PauseReason.Forked, Since = Time, ForkedFrom = new SessionOrigin { SessionId = "s-7", Seq = 16 } });
        yield return Event("execution_paused.held_remark", new ExecutionPaused { SessionId = "s-7", Reason = PauseReason.UserRequested, HeldInput = new HeldInput { Content = "Wait." } });
        yield return Event("execution_completed", new ExecutionCompleted { SessionId = "s-7", Status = SessionStatus.Completed, Output = "Accept.", Totals = Spent });
        yield return Event("execution_completed.no_output", new ExecutionCompleted { SessionId = "s-7", Status = SessionStatus.Cancelled, Totals = Totals.Zero with { CostKnown = false } });
        yield return Event("error", new ExecutionError { SessionId = "s-7", NodeId = "negative", Error = "The model broke off.", Code = ErrorCode.ModelError });
        yield return Event("error.session", new ExecutionError { SessionId = "s-7", Error = "The log cannot be written.", Code = ErrorCode.StorageUnavailable });
    }

    private static IEnumerable<WireMessage> Commands()
    {
        var wire = ContractsJson.Wire;
        yield return OnHub("start_session", new StartSession { WorkflowId = "council-debate", Input = JsonElement.Parse("""{"subject":"Trams","budget":[1,2.5,null,true]}"""), SessionId = "s-7" }, wire.StartSession);
        yield return OnHub("start_session.seed", new StartSession { TemplateId = "council-debate", Subject = "Trams" }, wire.StartSession);
        yield return OnHub("start_session.inline", new StartSession { Workflow = Workflow, Input = JsonElement.Parse("\"Trams\"") }, wire.StartSession);
        yield return OnHub("fork_session", new ForkSession { SourceSessionId = "s-7", AfterSeq = 17, SessionId = "s-8", Input = JsonElement.Parse("\"Trams\""), Edits = new ForkEdits { Agents = new Dictionary<string, AgentDefinition> { ["judge"] = new() { Instructions = "Be strict." } }, Nodes = new Dictionary<string, NodeEdit> { ["vote"] = new() { Prompt = "Well?", With = JsonElement.Parse("""{"threshold":0.5}""") } } } }, wire.ForkSession);
        yield return OnHub("fork_session.empty", new ForkSession(), wire.ForkSession);
        yield return OnHub("retry_session", new RetrySession { SourceSessionId = "s-7", SessionId = "s-8", Input = JsonElement.Parse("\"Trams\""), Edits = new ForkEdits { Agents = new Dictionary<string, AgentDefinition> { ["judge"] = new() { Model = "second" } } } }, wire.RetrySession);
        yield return OnHub("retry_session.empty", new RetrySession(), wire.RetrySession);
        yield return OnHub("start_session.empty", new StartSession(), wire.StartSession);
        yield return OnHub("pause_session", new PauseSession { SessionId = "s-7" }, wire.PauseSession);
        yield return OnHub("pause_session.empty", new PauseSession(), wire.PauseSession);
        yield return OnHub("resume_session", new ResumeSession { SessionId = "s-7" }, wire.ResumeSession);
        yield return OnHub("resume_session.empty", new ResumeSession(), wire.ResumeSession);
        yield return OnHub("cancel_session", new CancelSession { SessionId = "s-7" }, wire.CancelSession);
        yield return OnHub("cancel_session.empty", new CancelSession(), wire.CancelSession);
        yield return OnHub("user_input", new UserInput { SessionId = "s-7", Content = "Yes.", PromptId = "p-1", NodeId = "review" }, wire.UserInput);
        yield return OnHub("user_input.content", new UserInput { Content = "Yes." }, wire.UserInput);
        yield return OnHub("user_input.action", new UserInput { SessionId = "s-7", PromptId = "p-1", Action = "edit", Data = JsonElement.Parse("""{"to":"b@example.org"}""") }, wire.UserInput);
        yield return OnHub("user_input.remark", new UserInput { Content = "Wait.", Remark = true }, wire.UserInput);
        yield return OnHub("subscribe", new Subscribe { SessionId = "s-7", AfterSeq = 17, Snapshot = true }, wire.Subscribe);
        yield return OnHub("subscribe.session", new Subscribe { SessionId = "s-7" }, wire.Subscribe);
        yield return OnHub("unsubscribe", new Unsubscribe { SessionId = "s-7" }, wire.Unsubscribe);
        yield return OnHub("unsubscribe.empty", new Unsubscribe(), wire.Unsubscribe);
    }

    private static IEnumerable<WireMessage> Replies()
    {
        var wire = ContractsJson.Wire;
        yield return OnHub("session_ack", new SessionAck { SessionId = "s-7", Seq = 17 }, wire.SessionAck);
        yield return OnHub("session_ack.no_seq", new SessionAck { SessionId = "s-7" }, wire.SessionAck);
        yield return JsonOnly("reply_pong", new ReplyFrame { Event = ReplyNames.Pong, Timestamp = Time, Data = new ReplyData() }, wire.ReplyFrame);
        yield return JsonOnly("reply_ack", new ReplyFrame { Event = ReplyNames.Ack, Id = "42", Timestamp = Time, Data = new ReplyData { SessionId = "s-7" } }, wire.ReplyFrame);
        yield return JsonOnly("reply_ack.seq", new ReplyFrame { Event = ReplyNames.Ack, Id = "42", Timestamp = Time, Data = new ReplyData { SessionId = "s-7", Seq = 17 } }, wire.ReplyFrame);
        yield return JsonOnly("reply_error", new ReplyFrame { Event = ReplyNames.Error, Timestamp = Time, Data = new ReplyData { Error = "Not JSON.", Code = ErrorCode.InvalidFrame } }, wire.ReplyFrame);
        yield return JsonOnly("reply_error.full", new ReplyFrame { Event = ReplyNames.Error, Id = "42", Timestamp = Time, Data = new ReplyData { SessionId = "s-7", Error = "It has ended.", Code = ErrorCode.SessionFinished, Cmd = CommandTable.UserInput.Name } }, wire.ReplyFrame);
    }

    private static IEnumerable<WireMessage> Sessions()
    {
        var wire = ContractsJson.Wire;
        yield return OnHub("snapshot", new SessionSnapshot
        {
            SessionId = "s-7",
            WorkflowId = "reviewed-draft",
            Status = SessionStatus.Paused,
            PauseReason = PauseReason.AwaitingInput,
            LastSeq = 42,
            CreatedAt = Time,
            Nodes = new Dictionary<string, NodeSnapshot>
            {
                ["draft"] = new() { Status = NodeStatus.Completed, Text = "A draft.", Thinking = "Hm.", Attempt = 2 },
                ["review"] = new() { Status = NodeStatus.Suspended, Text = string.Empty, Iteration = 2, Prompt = Question },
                ["lookup"] = new() { Status = NodeStatus.Running, Text = string.Empty, Tools = [new ToolCall { CallId = "lookup.1.1", Name = "search", Status = ToolCallStatus.Failed, Arguments = JsonElement.Parse("\"{\\\"q\""), ArgumentsLength = 70000, Result = "Too long." }] },
                ["final"] = new() { Status = NodeStatus.Failed, Text = string.Empty, Error = "The model broke off." },
            },
            UserMessages = ["Hurry."],
            HeldInputs = [new HeldInput { Content = "Yes.", NodeId = "review" }],
            Totals = Spent,
            Output = "Done.",
            Error = "The model broke off.",
        }, wire.SessionSnapshot);
        yield return OnHub("snapshot.budget", new SessionSnapshot
        {
            SessionId = "s-7",
            WorkflowId = "inline",
            Status = SessionStatus.Paused,
            PauseReason = PauseReason.BudgetExceeded,
            LastSeq = 42,
            CreatedAt = Time,
            Nodes = new Dictionary<string, NodeSnapshot> { ["draft"] = new() { Status = NodeStatus.Running, Text = string.Empty, Budget = Budget with { Limit = new BudgetPolicy { Duration = "5m" }, Warned = null } } },
            UserMessages = [],
            HeldInputs = [],
            Prompt = BudgetPrompt,
            Budget = Budget,
            Totals = Spent,
        }, wire.SessionSnapshot);
        var fresh = new SessionSnapshot
        {
            SessionId = "s-7",
            WorkflowId = "inline",
            Status = SessionStatus.Running,
            LastSeq = 0,
            CreatedAt = Time.Date,
            Nodes = new Dictionary<string, NodeSnapshot>(),
            UserMessages = [],
            HeldInputs = [],
            Totals = Totals.Zero,
        };
        yield return OnHub("snapshot.new", fresh, wire.SessionSnapshot);
        yield return JsonOnly("snapshot_frame", new SnapshotFrame { Event = ReplyNames.Snapshot, Timestamp = Time, Seq = 0, Data = fresh }, wire.SnapshotFrame);
        yield return JsonOnly("session_page", new SessionPage
        {
            Sessions = [new SessionSummary { SessionId = "s-7", WorkflowId = "council-debate", Status = SessionStatus.Running, LastSeq = 42, CreatedAt = Time, UpdatedAt = Time.AddSeconds(1) }],
            NextCursor = "7",
        }, wire.SessionPage);
        yield return JsonOnly("prompt_page", new PromptPage { Prompts = [Waits with { NodeId = null }], NextCursor = "7", Position = "5f1c9a2b7d3e.41" }, wire.PromptPage);
        yield return JsonOnly("prompt_page.empty", new PromptPage { Prompts = [], Position = "5f1c9a2b7d3e.0" }, wire.PromptPage);
        yield return OnHub("inbox_frame.opened", new InboxFrame { Event = InboxEvents.Opened, Timestamp = Time, Position = "5f1c9a2b7d3e.41", Data = Waits }, wire.InboxFrame);
        yield return OnHub("inbox_frame.closed", new InboxFrame { Event = InboxEvents.Closed, Timestamp = Time, Position = "5f1c9a2b7d3e.42", Data = Waits with { Prompt = null, Outcome = PromptOutcome.Answered, By = "anna" } }, wire.InboxFrame);
        yield return OnHub("inbox_frame.reset", new InboxFrame { Event = InboxEvents.Reset, Timestamp = Time, Position = "5f1c9a2b7d3e.0" }, wire.InboxFrame);
        yield return OnHub("inbox_prompt", Waits with { Prompt = Approval }, wire.InboxPrompt);
        yield return OnHub("watch_inbox", new WatchInbox { Assignee = "anna", WorkflowId = "reviewed-draft", After = "5f1c9a2b7d3e.41" }, wire.WatchInbox);
        yield return OnHub("watch_inbox.empty", new WatchInbox(), wire.WatchInbox);
        yield return JsonOnly("session_page.empty", new SessionPage { Sessions = [] }, wire.SessionPage);
    }

    private static IEnumerable<WireMessage> Workflows()
    {
        yield return OnHub("workflow", Workflow, ContractsJson.Wire.WorkflowDefinition);
        yield return OnHub(
            "workflow.with",
            new WorkflowDefinition { Nodes = new Dictionary<string, NodeDefinition> { ["own"] = new() { Type = "own", Next = ["end"], With = JsonElement.Parse("""{"tokens":2,"share":0.5,"deep":{"list":["a",null,true]}}""") } } },
            ContractsJson.Wire.WorkflowDefinition);
        yield return OnHub(
            "workflow.retry",
            new WorkflowDefinition
            {
                Defaults = new WorkflowDefaults { Model = "first", Temperature = 0.5, MaxOutputTokens = 100, MaxToolRounds = 2, OnError = ErrorPolicy.Continue, Retry = new RetryPolicy { Max = 0 }, Timeout = new TimeoutPolicy { Total = "1h" }, Fallback = ["second", "third"] },
                MaxParallel = 4,
                Nodes = new Dictionary<string, NodeDefinition>
                {
                    ["ask"] = new()
                    {
                        Type = NodeType.Agent,
                        Retry = new RetryPolicy { Max = 2, Backoff = "500ms", Jitter = 0.5, On = [ErrorCode.ModelTimeout], Restart = true },
                        Timeout = new TimeoutPolicy { Total = "2m", FirstToken = "20s", Idle = "10" },
                        Fallback = ["second", "third"],
                    },
                },
            },
            ContractsJson.Wire.WorkflowDefinition);
        yield return OnHub("workflow.empty", new WorkflowDefinition(), ContractsJson.Wire.WorkflowDefinition);
    }

    // A body, not a value: 'All' above is made before a value here would be.
    private static WorkflowDefinition Workflow => new()
    {
        Id = "two-voices",
        Name = "Two voices",
        Description = "Two at once, then a person.",
        Agents = new Dictionary<string, AgentDefinition>
        {
            ["first"] = new() { Name = "First", Instructions = "Argue.", Model = "default", Temperature = 0.9, MaxOutputTokens = 200 },
            ["second"] = new(),
            ["clerk"] = new() { Tools = ["search", "files"], Approval = new Dictionary<string, string> { ["files"] = ToolApproval.Once }, MaxToolRounds = 3 },
        },
        Nodes = new Dictionary<string, NodeDefinition>
        {
            ["start"] = new() { Type = NodeType.Start, Next = ["both"] },
            ["both"] = new() { Type = NodeType.Parallel, Next = ["a", "b"] },
            ["a"] = new() { Type = NodeType.Agent, Agent = "first", Next = ["review"] },
            ["b"] = new() { Type = NodeType.Agent, Agent = "second", Next = ["review"] },
            ["review"] = new() { Type = NodeType.HumanReview, Prompt = "Who won?", Next = ["end"] },
            ["end"] = new() { Type = NodeType.End },
        },
    };

    private static WireMessage Event<TData>(string name, TData data, long? mergedFrom = null)
        where TData : class, IEventData
    {
        var sessionEvent = new SessionEvent<TData> { Timestamp = Time, Seq = 17, NodeId = data.NodeId, MergedFrom = mergedFrom, Data = data };
        return OnHub(name, sessionEvent, ContractsJson.Wire.GetTypeInfo(typeof(SessionEvent<TData>))!);
    }

    private static WireMessage OnHub(string name, object value, JsonTypeInfo type) => new(name, value, type, OnHub: true);

    private static WireMessage JsonOnly(string name, object value, JsonTypeInfo type) => new(name, value, type, OnHub: false);
}
