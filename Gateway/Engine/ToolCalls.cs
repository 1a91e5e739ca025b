using System.Globalization;
using System.Text.Json;
using Gateway.Contracts;
using Gateway.Engine.Calls;
using Gateway.Tools;

namespace Gateway.Engine;

/// <summary>Decides about the calls of tools: which wait for a person, which begin, and what follows when they have ended.</summary>
/// <remarks>
/// The calls of a round are logged together, before the first of them begins. First a person is asked about each that needs it, one
/// after the other; then those that are left run side by side. While a person is asked, nothing of the node is at work.
/// </remarks>
internal static class ToolCalls
{
    private const int NoteLength = 200;

    private static readonly PromptAction[] Actions = [new() { Id = PromptAction.Approve }, new() { Id = PromptAction.Reject }, new() { Id = PromptAction.Edit, NeedsInput = true }];
    private static readonly JsonElement ObjectSchema = JsonElement.Parse("""{"type":"object"}""");

    /// <summary>Logs the calls of a round, and begins it.</summary>
    public static void Begin(EventBatch batch, NodeState node, IReadOnlyList<RequestedCall> requests)
    {
        var round = node.Tools.Round + 1;
        var calls = requests.Select((request, index) => (Request: request, Approval: Asked(batch.State, node, request), Id: Id(node, round, index + 1))).ToList();
        var mustAsk = calls.Exists(call => call.Request.Problem is null && call.Approval is not null);
        foreach (var (request, approval, id) in calls)
        {
            Tell(batch, node, Note(request), new ToolCall
            {
                CallId = id,
                Name = request.Name,
                Round = round > 1 ? round : null,
                Arguments = request.Arguments,
                ArgumentsLength = request.ArgumentsLength,
                Approval = request.Problem is null ? approval : null,
                Status = request.Problem is not null ? ToolCallStatus.Failed
                    : approval is not null ? ToolCallStatus.Waiting
                    : mustAsk ? ToolCallStatus.Requested
                    : ToolCallStatus.Running,
                Result = request.Problem,
            });
        }

        GoOn(batch, node);
    }

    /// <summary>Begins the calls of a round that nobody is to be asked about any more, where that was not told.</summary>
    public static void Continue(EventBatch batch, NodeState node) => GoOn(batch, node);

    /// <summary>Whether the call of a running node that has no agent has ended, and what follows from that was not told.</summary>
    /// <remarks>Of a call that failed in an earlier attempt all was told: the node is to make it again.</remarks>
    public static bool HasEnded(NodeState node) => node is { Status: NodeStatus.Running, Work: null, RestsUntil: null, Tools.Open: 0, HasCalled: true } && node.Node.Definition.Agent is null;

    /// <summary>A call that has failed is made again, under the same id and key.</summary>
    public static void Repeat(EventBatch batch, NodeState node, ToolCall call) =>
        Tell(batch, node, $"{call.Name} is called again\n", new ToolCall { CallId = call.CallId, Name = call.Name, Round = call.Round, Status = ToolCallStatus.Running });

    /// <summary>Gives a person's answer to the call that waits.</summary>
    public static void Answer(EventBatch batch, NodeState node, UserAnswer answer)
    {
        var waiting = node.Tools.Waiting!;
        var isApproved = answer.Action != PromptAction.Reject;
        Tell(
            batch,
            node,
            answer.Text,
            new ToolCall
            {
                CallId = waiting.CallId,
                Name = waiting.Name,
                Round = waiting.Round,
                Status = isApproved ? ToolCallStatus.Approved : ToolCallStatus.Rejected,
                Arguments = answer.Action == PromptAction.Edit ? answer.Data : null,
                Result = isApproved ? null : answer.Text == PromptAction.Reject ? "A person rejected this call." : $"A person rejected this call: {answer.Text}",
            },
            answer);
        GoOn(batch, node);
        Conclude(batch, node);
    }

    /// <summary>A call has ended, well or not.</summary>
    public static void End(EventBatch batch, NodeState node, EngineInput.ToolEnded ended)
    {
        if (node.Tools.Find(ended.CallId) is not { Status: ToolCallStatus.Running } call) return;
        var failed = ended.Code is not null;
        Tell(batch, node, $"{call.Name} {(failed ? "failed" : "answered")}: {ToolText.Note(ended.Result, NoteLength)}\n", new ToolCall
        {
            CallId = call.CallId,
            Name = call.Name,
            Round = call.Round,
            Status = failed ? ToolCallStatus.Failed : ToolCallStatus.Completed,
            Result = ended.Result,
            ResultLength = ended.ResultLength,
        });
        Conclude(batch, node, ended.Code);
    }

    /// <summary>A node that runs while one of its calls waits for a person asks again.</summary>
    /// <returns>Whether there is such a call.</returns>
    public static bool AskAgain(EventBatch batch, NodeState node)
    {
        if (node.Tools.Waiting is not { } waiting) return false;
        batch.AddStatus(node, NodeStatus.Suspended, prompt: PromptOf(waiting));
        return true;
    }

    /// <summary>Whether a prompt asked about a call, and that call is decided about.</summary>
    public static bool IsDecided(SessionState state, string promptId) =>
        state.Nodes.Any(node => node.Tools.Find(promptId) is { Approval: not null, Status: not ToolCallStatus.Waiting });

    // Ids of nodes have no dot, so no two calls of a session have one name.
    private static string Id(NodeState node, int round, int index) => node.Iteration == 1
        ? string.Create(CultureInfo.InvariantCulture, $"{node.Id}.{round}.{index}")
        : string.Create(CultureInfo.InvariantCulture, $"{node.Id}.{node.Iteration}.{round}.{index}");

    // When a person must be asked, why; null when nobody must.
    private static string? Asked(SessionState state, NodeState node, RequestedCall request)
    {
        var approval = Approvals.Stricter(request.Approval, ApprovalOf(state, node, request.Name));
        if (approval == ToolApproval.Never || (approval == ToolApproval.Once && state.ApprovedTools.Contains(request.Name))) return null;
        return approval;
    }

    private static string? ApprovalOf(SessionState state, NodeState node, string tool)
    {
        if (node.Node.Definition.Agent is not { } agent || state.FindAgent(node, agent)?.Approval is not { } approvals) return null;
        var approval = approvals.GetValueOrDefault(tool);
        return ToolName.ServerOf(tool) is { } server && approvals.TryGetValue(server, out var all) ? Approvals.Stricter(approval, all) : approval;
    }

    // Asks about the next call; when there is none, what was asked for begins.
    private static void GoOn(EventBatch batch, NodeState node)
    {
        while (node.Tools.Waiting is { } waiting)
        {
            // One that was to be approved once has been, by the answer about another.
            if (waiting.Approval != ToolApproval.Once || !batch.State.ApprovedTools.Contains(waiting.Name))
            {
                AskAgain(batch, node);
                return;
            }

            Tell(batch, node, $"{waiting.Name} is approved\n", waiting with { Status = ToolCallStatus.Approved, Arguments = null, ArgumentsLength = null });
        }

        foreach (var call in node.Tools.Calls.Where(call => call.Status is ToolCallStatus.Requested or ToolCallStatus.Approved).ToList())
        {
            Tell(batch, node, $"{call.Name} is called\n", new ToolCall { CallId = call.CallId, Name = call.Name, Round = call.Round, Status = ToolCallStatus.Running });
        }
    }

    /// <summary>Tells what follows from a call that has ended, where the call was all that the node had to do.</summary>
    public static void Conclude(EventBatch batch, NodeState node, string? code = null)
    {
        if (node.Status != NodeStatus.Running || node.Tools.Open > 0 || node.Work is AgentCall) return;
        var call = node.Tools.Calls[^1];
        if (call.Status == ToolCallStatus.Completed) Progress.Ask(batch, node, node.Kind.Finished);
        else Failures.Meet(batch, node, new NodeFailure(call.Status == ToolCallStatus.Rejected ? ErrorCode.ToolRejected : code ?? ErrorCode.ToolFailed, call.Result ?? string.Empty));
    }

    private static void Tell(EventBatch batch, NodeState node, string note, ToolCall call, UserAnswer? answer = null) => batch.Add(new TokenStream
    {
        SessionId = batch.SessionId,
        NodeId = node.Id,
        AgentId = answer is not null ? TokenStream.UserAgentId : node.Node.Definition.Agent ?? node.Id,
        Chunk = note,
        IsThinking = true,
        Iteration = EventBatch.IterationOf(node),
        Item = EventBatch.ItemOf(node.Node),
        Answer = answer?.Log,
        Tool = call,
    });

    private static Prompt PromptOf(ToolCall call) => new()
    {
        PromptId = call.CallId,
        Text = $"May {call.Name} be called with {ToolText.Note(Written(call.Arguments!.Value), 2000)}?",
        Kind = PromptKind.ToolApproval,
        Actions = Actions,
        Schema = ObjectSchema,
        Data = call.Arguments,
        Tool = call with { Result = null, ResultLength = null },
    };

    private static string Note(RequestedCall request) => request.Problem is { } problem
        ? $"{ToolText.Note(request.Name, 64)} cannot be called: {problem}\n"
        : $"{request.Name} {ToolText.Note(Written(request.Arguments), NoteLength)}\n";

    private static string Written(JsonElement arguments) => arguments.ValueKind == JsonValueKind.String ? arguments.GetString()! : arguments.GetRawText();
}
