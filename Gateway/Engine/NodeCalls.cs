using Gateway.Contracts;
using Gateway.Engine.Calls;
using Gateway.Models;
using Gateway.Refusals;

namespace Gateway.Engine;

/// <summary>The model calls of one session, made to agree with its state.</summary>
/// <remarks>Used by the session's loop only.</remarks>
internal sealed class NodeCalls(IModelCatalog models, TimeProvider time, Action wake) : IAsyncDisposable
{
    private readonly List<ModelCall> _calls = [];
    private readonly List<Task> _ending = [];

    /// <summary>The calls under way, oldest first.</summary>
    public IReadOnlyList<ModelCall> Active => _calls;

    /// <summary>What the call of a node has consumed and nothing has counted yet; null when there is none.</summary>
    public ModelPiece.Usage? SpentBy(NodeState node)
    {
        var key = KeyOf(node);
        return _calls.Find(call => call.Key == key)?.Spent;
    }

    /// <summary>Stops the calls of nodes that no longer run, and starts those of nodes that do.</summary>
    public void Reconcile(SessionState state)
    {
        _ending.RemoveAll(ending => ending.IsCompleted);
        foreach (var call in _calls.Where(call => !IsWanted(state, call)).ToList())
        {
            _calls.Remove(call);
            _ending.Add(call.DisposeAsync().AsTask());
        }

        var paused = state.Status == SessionStatus.Paused;
        Hold(paused);
        if (paused || state.IsFinal) return;

        foreach (var node in state.Nodes)
        {
            if (node.Work is { } work && _calls.TrueForAll(call => call.Key.Node != node.Id)) _calls.Add(Start(state, node, work));
        }
    }

    /// <summary>Makes the time limits of all models stand still, or go on.</summary>
    public void Hold(bool held)
    {
        foreach (var call in _calls) call.Hold(held);
    }

    /// <summary>Stops all calls; returns once every model has let go, however long that takes.</summary>
    public async ValueTask DisposeAsync()
    {
        _ending.AddRange(_calls.Select(call => call.DisposeAsync().AsTask()));
        _calls.Clear();
        await Task.WhenAll(_ending);
        _ending.Clear();
    }

    private static CallKey KeyOf(NodeState node) => new(node.Id, node.Attempt, node.Iteration);

    private static bool IsWanted(SessionState state, ModelCall call) =>
        !state.IsFinal && state[call.Key.Node] is { Work: not null } node && KeyOf(node) == call.Key;

    private ModelCall Start(SessionState state, NodeState node, NodeWork work)
    {
        var agent = work is AgentCall call ? state.Header.Workflow.Agents![call.Agent] : throw new InvalidOperationException($"The engine does not know how to do {work}.");
        var request = PromptBuilder.Build(state, node, agent);
        try
        {
            return new ModelCall(KeyOf(node), models.Get(agent.Model), request, time, wake);
        }
        catch (GatewayException exception)
        {
            return new ModelCall(KeyOf(node), request, new ModelPiece.Failed(exception.Code, exception.Message), wake);
        }
    }
}
