using System.Globalization;
using Gateway.Contracts;
using Gateway.Engine.Calls;
using Gateway.Models;
using Gateway.Refusals;
using Gateway.Templates;
using Gateway.Tools;
using Microsoft.Extensions.AI;

namespace Gateway.Engine;

/// <summary>The calls of models and tools of one session, made to agree with its state.</summary>
/// <remarks>Used by the session's loop only. A node that runs while no place for a call is free waits for one.</remarks>
internal sealed class NodeCalls(IModelCatalog models, IToolCatalog tools, CallPlaces places, int most, long longest, TimeProvider time, Action wake) : IAsyncDisposable
{
    private readonly List<INodeRun> _calls = [];
    private readonly Dictionary<string, INodeRun> _byNode = new(StringComparer.Ordinal);
    private readonly Dictionary<string, CallPlace> _places = new(StringComparer.Ordinal);
    private readonly List<Task> _ending = [];
    private readonly PromptBuilder _prompts = new() { MaxAnswerBytes = longest };
    private bool _held;

    /// <summary>The calls under way, oldest first.</summary>
    public IReadOnlyList<INodeRun> Active => _calls;

    /// <summary>What the call of a node has consumed and nothing has counted yet; null when there is none.</summary>
    public ModelPiece.Usage? SpentBy(NodeState node) =>
        _byNode.TryGetValue(node.Id, out var call) && call.Key == KeyOf(node) ? call.Spent : null;

    /// <summary>What the calls under way have consumed and nothing has counted yet.</summary>
    public IReadOnlyList<CallSpent> UnderWay
    {
        get
        {
            var spent = new List<CallSpent>(_calls.Count);
            foreach (var call in _calls)
            {
                if (call.Estimate is { } usage) spent.Add(new CallSpent(call.Key.Node, usage.InputTokens + usage.OutputTokens, usage.CostUsd));
            }

            return spent;
        }
    }

    /// <summary>Whether all that is at work for a session has been counted, and only its end is still to come.</summary>
    public bool AreCounted(SessionState state)
    {
        if (_calls.Count == 0 || state.IsDue) return false;
        foreach (var node in state.Nodes)
        {
            if (node.Work is not null && !(_byNode.TryGetValue(node.Id, out var call) && call.Key == KeyOf(node) && call.IsCounted)) return false;
        }

        return true;
    }

    /// <summary>Stops the calls of nodes that no longer run, and starts those of nodes that do.</summary>
    public void Reconcile(SessionState state)
    {
        // After each round of each session, and nearly always there is nothing to do: so nothing is made for it either.
        if (_ending.Count > 0) _ending.RemoveAll(ending => ending.IsCompleted);
        for (var i = 0; i < _calls.Count;)
        {
            var call = _calls[i];
            if (IsWanted(state, call))
            {
                i++;
                continue;
            }

            _calls.RemoveAt(i);
            _byNode.Remove(call.Key.Node);
            GiveBack(call.Key.Node, (call as ModelCall)?.Tokens ?? 0);
            _ending.Add(call.DisposeAsync().AsTask());
        }

        var paused = state.Status == SessionStatus.Paused;
        Hold(paused);
        if (paused || state.IsFinal)
        {
            foreach (var waiting in _places.Keys.Where(id => !_byNode.ContainsKey(id)).ToList()) GiveBack(waiting);
            return;
        }

        var withPlaces = 0;
        foreach (var call in _calls) withPlaces += call is ModelCall ? 1 : 0;
        foreach (var node in state.Nodes)
        {
            if (node.Work is { } work)
            {
                if (_calls.Count < AtOnce(state) && !_byNode.ContainsKey(node.Id)) Start(state, node, work);
            }
            else if (_places.Count > withPlaces && !_byNode.ContainsKey(node.Id))
            {
                GiveBack(node.Id);
            }
        }
    }

    /// <summary>The nodes that have begun to wait for a place among the calls of a model since that was told last, and those that wait no more, whose model is null.</summary>
    public IReadOnlyList<(NodeState Node, string? Model)> FindNews(SessionState state)
    {
        if (_places.Count == 0 || state.Status != SessionStatus.Running) return [];
        List<(NodeState Node, string? Model)>? news = null;
        foreach (var (id, place) in _places)
        {
            if (state.Find(id) is not { Work: AgentCall } node) continue;

            // The place of a call that is under way is lent during a pause, and taken again without waiting.
            var waitsFor = place.IsGranted || _byNode.ContainsKey(id) ? null : place.Model;
            if (node.Wait?.Model != waitsFor) (news ??= []).Add((node, waitsFor));
        }

        return news ?? (IReadOnlyList<(NodeState Node, string? Model)>)[];
    }

    /// <summary>Makes the time limits of all models stand still, or go on.</summary>
    public void Hold(bool held)
    {
        foreach (var call in _calls) call.Hold(held);
        if (_held == held) return;
        _held = held;
        foreach (var call in _calls)
        {
            if (_places.TryGetValue(call.Key.Node, out var place)) place.Lend(held);
        }
    }

    /// <summary>Stops all calls; returns once every model has let go, however long that takes.</summary>
    public async ValueTask DisposeAsync()
    {
        _ending.AddRange(_calls.Select(call => call.DisposeAsync().AsTask()));
        foreach (var call in _calls) GiveBack(call.Key.Node, (call as ModelCall)?.Tokens ?? 0);
        _calls.Clear();
        _byNode.Clear();
        foreach (var place in _places.Values) place.Dispose();
        _places.Clear();
        await Task.WhenAll(_ending);
        _ending.Clear();
    }

    private static CallKey KeyOf(NodeState node) => new(node.Id, node.Attempt, node.Iteration, node.Step);

    private static bool IsWanted(SessionState state, INodeRun call) =>
        !state.IsFinal && state.Find(call.Key.Node) is { Work: not null } node && KeyOf(node) == call.Key;

    private int AtOnce(SessionState state) => state.Parallelism.Most is { } bound && bound < most ? bound : most;

    private void GiveBack(string nodeId, long tokens = 0)
    {
        if (!_places.Remove(nodeId, out var place)) return;
        place.End(tokens);
        place.Dispose();
    }

    private void Start(SessionState state, NodeState node, NodeWork work)
    {
        if (node.Tools.Open > 0)
        {
            Add(node, new ToolRun(KeyOf(node), [.. node.Tools.Calls.Where(call => call.Status == ToolCallStatus.Running).Select(call => Invocation(state, node, call))], tools, time, wake));
            return;
        }

        var asked = work as AgentCall ?? throw new InvalidOperationException($"The engine does not know how to do {work}.");
        var agent = state.FindAgent(node, asked.Agent)!;
        ModelCall call;
        ModelRequest? request = null;
        try
        {
            var model = models.Get(node.Model ?? agent.Model);
            if (_places.TryGetValue(node.Id, out var place) && place.Model != model.Name) GiveBack(node.Id);
            if (!_places.TryGetValue(node.Id, out place)) _places.Add(node.Id, place = places.Ask(model.Name, model.Limits, state.Header.SessionId, wake));
            if (!place.IsGranted) return;
            request = _prompts.Build(state, node, agent, asked);
            if (model.Limits.TokensPerMinute is not null) place.Begin(UsageTally.EstimateRead(request.Messages));
            call = new ModelCall(KeyOf(node), model, request, node.Timeout, tools, time, wake);
        }
        catch (Exception exception) when (exception is GatewayException or TemplateException)
        {
            GiveBack(node.Id);
            var code = exception is GatewayException refusal ? refusal.Code : ErrorCode.TemplateFailed;
            call = new ModelCall(KeyOf(node), request ?? new ModelRequest([], new ChatOptions()), new ModelPiece.Failed(code, exception.Message) { MayPass = false }, wake);
        }

        Add(node, call);
    }

    private void Add(NodeState node, INodeRun call)
    {
        _calls.Add(call);
        _byNode.Add(node.Id, call);
    }

    // A session's id may be given again once it is deleted, so the time of its start is in the key, too.
    private static ToolInvocation Invocation(SessionState state, NodeState node, ToolCall call) => new(call.Name, call.Arguments!.Value, new ToolCallContext
    {
        SessionId = state.Header.SessionId,
        NodeId = node.Id,
        CallId = call.CallId,
        IdempotencyKey = string.Create(CultureInfo.InvariantCulture, $"{state.Header.SessionId}/{state.Header.CreatedAt:yyyyMMddHHmmssfff}/{call.CallId}"),
        Attempt = node.Attempt,
    });
}
