using System.Text.Json;
using Gateway.Contracts;
using Gateway.Engine;
using Gateway.Engine.Calls;
using Gateway.Log;
using Gateway.Refusals;
using Gateway.Tests.Engine.OwnKinds;

namespace Gateway.Tests.Engine;

/// <summary>Plays a whole session against the scheduler: models, users and crashes act as the tape says.</summary>
internal sealed class Play
{
    private static readonly DateTime Now = new(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc);

    private readonly Tape _tape;
    private readonly HashSet<string> _failing;
    private readonly HashSet<string> _flaky;
    private DateTime _now = Now;
    private SessionState _state;
    private bool _interrupted;
    private readonly bool _mayCancel;
    private int _said;

    public Play(byte[] tape, bool mayCancel = true, Func<Tape, WorkflowDefinition>? build = null)
    {
        _tape = new Tape(tape);
        var workflow = (build ?? RandomWorkflow.Build)(_tape);
        Header = HeaderOf(workflow);
        _mayCancel = mayCancel;
        _failing = [.. workflow.Nodes!.Where(n => n.Value.Type is NodeType.Agent or NodeType.Tool or WaitForAllTokens.TypeName && _tape.Next(4) == 3).Select(n => n.Key)];
        _flaky = [.. workflow.Nodes!.Where(n => n.Value.Retry is not null && _tape.Next(2) == 1).Select(n => n.Key)];
        _state = new SessionState(Header, TestKinds.All);

        Decide(new EngineInput.Start());
        for (var steps = 0; !_state.IsFinal; steps++)
        {
            if (steps > 2000) throw new InvalidOperationException("The session does not come to an end.");
            Step(mayCancel);
        }
    }

    public SessionHeader Header { get; }

    public List<SessionEvent> Events { get; } = [];

    /// <summary>Seq of the last event of each append.</summary>
    public List<long> Boundaries { get; } = [];

    /// <summary>What is appended, cut wherever it may be, with where the session stands after each piece.</summary>
    public List<(IReadOnlyList<LoggedEvent> Events, SessionStanding Standing)> Appends { get; } = [];

    /// <summary>What users said and was acknowledged.</summary>
    public List<string> Said { get; } = [];

    public SessionState State => _state;

    /// <summary>Whether a node's work fails each time; of the items of a map, that of every other one.</summary>
    public bool Fails(string nodeId) => _failing.Contains(RandomFlow.NameOf(nodeId)) && (RandomFlow.ItemsOf(nodeId) is not [.., var last, ']'] || last % 2 == 0);

    /// <summary>Whether a node's work fails this time; that of some only the first time.</summary>
    public bool FailsNow(NodeState node) => Fails(node.Id) || (_flaky.Contains(RandomFlow.NameOf(node.Id)) && node is { Retries: 0, Model: null });

    public static SessionHeader HeaderOf(WorkflowDefinition workflow) => new()
    {
        SessionId = "s",
        WorkflowId = workflow.Id!,
        Workflow = workflow,
        Input = "topic",
        InputMembers = JsonElement.Parse(RandomFlow.Input),
        Fingerprint = "f",
        CreatedAt = Now,
    };

    public static SessionState Fold(SessionHeader header, IEnumerable<SessionEvent> events)
    {
        var state = new SessionState(header, TestKinds.All);
        foreach (var sessionEvent in events) state.Apply(sessionEvent);
        return state;
    }

    /// <summary>The shortest way from a state to the session's end; returns the events on it.</summary>
    public static List<SessionEvent> FinishFrom(SessionState state, Func<NodeState, bool> fails)
    {
        var events = new List<SessionEvent>();
        var now = state.LastTimestamp > Now ? state.LastTimestamp : Now;
        var interrupted = true;
        Do(new EngineInput.Recover());
        for (var steps = 0; !state.IsFinal; steps++)
        {
            if (steps > 500) throw new InvalidOperationException("The recovered session does not come to an end.");
            if (state.Budgets.Prompt is { } asked)
            {
                Do(new EngineInput.Command(new UserInput { Action = PromptAction.Raise, PromptId = asked.PromptId }, interrupted));
                interrupted = false;
            }
            else if (state.IsPaused)
            {
                Do(new EngineInput.Command(new ResumeSession(), interrupted));
                interrupted = false;
            }
            else if (state.Nodes.FirstOrDefault(n => n.Work is not null) is { } node)
            {
                Do(EndOf(node, fails(node)));
            }
            else if (state.IsDue)
            {
                Do(new EngineInput.GoOn());
            }
            else if (state.Nodes.Any(node => node.RestsUntil is not null))
            {
                now = state.TimeOf(state.NextDue!.Value.At).AddSeconds(1);
                Do(new EngineInput.TimePassed());
            }
            else
            {
                Do(new EngineInput.Command(new UserInput { Content = WordsFor(state, $"answer {steps}", isApproved: true) }));
            }
        }

        return events;

        void Do(EngineInput input)
        {
            var batch = new EventBatch(state, now);
            Scheduler.Decide(batch, input);
            events.AddRange(batch.Events.Select(e => e.Event));
        }
    }

    // What a node's work ends with: its calls of tools, else its model's answer.
    private static EngineInput EndOf(NodeState node, bool fails)
    {
        if (node.Tools.Calls.FirstOrDefault(call => call.Status == ToolCallStatus.Running) is { } call)
        {
            // A call that fails is for an agent to hear; a node without one fails with it.
            var failed = fails && node.Work is not AgentCall;
            return new EngineInput.ToolEnded(node.Id, node.Attempt, call.CallId, failed ? "failed" : $"result of {call.CallId}", Code: failed ? ErrorCode.ToolFailed : null, Iteration: node.Iteration);
        }

        return fails ? new EngineInput.WorkFailed(node.Id, node.Attempt, ErrorCode.ModelError, "failed", node.Iteration) : new EngineInput.WorkFinished(node.Id, node.Attempt, node.Iteration);
    }

    // Words that can be taken, whichever prompt they answer.
    private static string WordsFor(SessionState state, string words, bool isApproved)
    {
        if (!state.Nodes.Any(node => node.Tools.Waiting is not null)) return words;
        return $"{(isApproved ? PromptAction.Approve : PromptAction.Reject)}: {words}";
    }

    /// <summary>Words without the action that they begin with.</summary>
    public static string Plain(string words) => words.StartsWith("approve: ", StringComparison.Ordinal) ? words[9..] : words.StartsWith("reject: ", StringComparison.Ordinal) ? words[8..] : words;

    private void Step(bool mayCancel)
    {
        var agents = _state.Nodes.Where(n => n.Work is not null).ToList();
        var agent = agents.Count == 0 ? null : agents[_tape.Next(agents.Count)];
        switch (_tape.Next(20))
        {
            case 1 or 2 when agent is not null: Decide(new EngineInput.Chunk(agent.Id, agent.Attempt, $"t{Events.Count} ", _tape.Next(4) == 1, agent.Iteration)); break;
            case 3 when agent is not null: Decide(new EngineInput.Usage(agent.Id, agent.Attempt, 3, 4, 0.5m, _tape.Next(2) == 0, Iteration: agent.Iteration)); break;
            case 4 when agent is not null: Decide(new EngineInput.WorkFinished(agent.Id, agent.Attempt + 1, agent.Iteration)); break;
            case 5 or 13 or 14: Decide(new EngineInput.Command(new PauseSession())); break;
            case 6: Resume(); break;
            case 7 or 15 or 16 when _state.IsPaused || _tape.Next(4) == 1: Say(null, null); break;
            case 8 or 17: Say(AnyNode(), null); break;
            case 9 or 18: Say(null, AnyNode()); break;
            case 10: Crash(); break;
            case 11:
                Decide(new EngineInput.Pause(PauseReason.ShuttingDown));
                Crash();
                break;
            case 19: PassTime(TimeSpan.FromSeconds(1 + (4 * _tape.Next(8)))); break;
            case 12 when mayCancel && _tape.Next(4) == 1: Decide(new EngineInput.Command(new CancelSession())); break;
            default: GoOn(agent); break;
        }
    }

    // Mostly one with a prompt, open or answered.
    private string AnyNode()
    {
        var asked = _state.Nodes.Where(n => n.Node.Type is NodeType.HumanReview or WaitForAllTokens.TypeName).ToList();
        return asked.Count > 0 && _tape.Next(4) > 0 ? asked[_tape.Next(asked.Count)].Id : _state.Nodes[_tape.Next(_state.Nodes.Count)].Id;
    }

    private void GoOn(NodeState? agent)
    {
        if (_state.Budgets.Prompt is { } asked) AnswerBudget(asked);
        else if (_state.IsPaused) Resume();
        else if (agent is { Work: AgentCall, Tools: { Open: 0, Round: < 2 } } && _tape.Next(5) == 4) Decide(new EngineInput.ToolsCalled(agent.Id, agent.Attempt, [.. Enumerable.Range(0, 1 + _tape.Next(3)).Select(_ => Request())], agent.Iteration));
        else if (agent is not null) Decide(EndOf(agent, FailsNow(agent)));
        else if (_state.IsDue) Decide(new EngineInput.GoOn());
        else if (_state.Nodes.Any(node => node.RestsUntil is not null)) PassTime(_state.TimeOf(_state.NextDue!.Value.At).AddSeconds(1) - _now);
        else Say(null, null);
    }

    private void PassTime(TimeSpan time)
    {
        _now += time;
        Decide(new EngineInput.TimePassed());
    }

    private RequestedCall Request() => new(
        $"tool{_tape.Next(2)}",
        JsonElement.Parse($$"""{"said":{{_said}},"at":[{{Events.Count}},{"deep":"…"}]}"""),
        ToolApproval.All[_tape.Next(3)],
        _tape.Next(6) == 5 ? "There is no such tool." : null);

    private void AnswerBudget(Prompt asked)
    {
        var action = _mayCancel && _tape.Next(5) == 4 ? PromptAction.Stop : PromptAction.Raise;
        if (Decide(new EngineInput.Command(new UserInput { Action = action, PromptId = asked.PromptId }, _interrupted))) Said.Add(SaidFor(action));
        _interrupted = false;
    }

    // An answer without words is told as its data.
    private string SaidFor(string action) => Events.OfType<SessionEvent<ExecutionPaused>>().Last(e => e.Data.HeldInput?.Answer?.Action == action).Data.HeldInput!.Content;

    private void Resume()
    {
        if (Decide(new EngineInput.Command(new ResumeSession(), _interrupted))) _interrupted = false;
    }

    private void Say(string? promptId, string? nodeId)
    {
        var words = WordsFor(_state, $"said {_said++}", _tape.Next(3) < 2);
        if (Decide(new EngineInput.Command(new UserInput { Content = words, PromptId = promptId, NodeId = nodeId }))) Said.Add(Plain(words));
    }

    private void Crash()
    {
        _state = Fold(Header, Events);
        Decide(new EngineInput.Recover());
        _interrupted = _state.IsPaused;
    }

    private bool Decide(EngineInput input)
    {
        var batch = new EventBatch(_state, _now);
        try
        {
            Scheduler.Decide(batch, input);
        }
        catch (GatewayException) when (batch.Events.Count == 0)
        {
            return false;
        }

        // As a session does it once a round.
        if (_state.Budgets.All.Count > 0) Scheduler.Decide(batch, new EngineInput.CallsWentOn([]));
        Events.AddRange(batch.Events.Select(e => e.Event));
        Appends.AddRange(batch.Pieces(1));
        if (batch.Events.Count > 0) Boundaries.Add(_state.LastSeq);
        if (!_state.IsFinal && !_state.Nodes.Any(n => n.IsActive)) throw new InvalidOperationException($"After {input} nothing runs and nothing waits.");
        return true;
    }
}
