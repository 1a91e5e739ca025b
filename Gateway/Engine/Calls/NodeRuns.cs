using Gateway.Contracts;
using Gateway.Models;
using Gateway.Refusals;

namespace Gateway.Engine.Calls;

/// <summary>The model calls of one session, made to agree with its state.</summary>
/// <remarks>Used by the session's loop only.</remarks>
internal sealed class NodeRuns(IModelCatalog models, TimeProvider time, Action wake) : IAsyncDisposable
{
    private readonly List<AgentRun> _runs = [];
    private readonly List<Task> _ending = [];

    /// <summary>The calls at work, oldest first.</summary>
    public IReadOnlyList<AgentRun> Active => _runs;

    /// <summary>What the call of a node has consumed that is not counted yet; null when there is none.</summary>
    public AgentOutput.Usage? SpentBy(NodeState node) =>
        _runs.Find(run => run.Node == node.Id && run.Attempt == node.Attempt && run.Iteration == node.Iteration)?.Spent;

    /// <summary>Stops the calls of nodes that no longer run, and starts those of nodes that do.</summary>
    public void Reconcile(SessionState state)
    {
        _ending.RemoveAll(ending => ending.IsCompleted);
        foreach (var run in _runs.Where(run => !IsWanted(state, run)).ToList())
        {
            _runs.Remove(run);
            _ending.Add(run.DisposeAsync().AsTask());
        }

        var stands = state.Status == SessionStatus.Paused;
        Hold(stands);
        if (stands || state.IsFinal) return;

        foreach (var node in state.Nodes)
        {
            if (node.IsRunningAgent && _runs.TrueForAll(run => run.Node != node.Id)) _runs.Add(Start(state, node));
        }
    }

    /// <summary>Makes all time limits stand still, or go on.</summary>
    public void Hold(bool held)
    {
        foreach (var run in _runs) run.Hold(held);
    }

    /// <summary>Stops all calls; returns once every model has let go, however long that takes.</summary>
    public async ValueTask DisposeAsync()
    {
        _ending.AddRange(_runs.Select(run => run.DisposeAsync().AsTask()));
        _runs.Clear();
        await Task.WhenAll(_ending);
        _ending.Clear();
    }

    private static bool IsWanted(SessionState state, AgentRun run) =>
        !state.IsFinal && state[run.Node] is { IsRunningAgent: true } node && node.Attempt == run.Attempt && node.Iteration == run.Iteration;

    private AgentRun Start(SessionState state, NodeState node)
    {
        var request = PromptBuilder.Build(state, node);
        try
        {
            return new AgentRun(node, models.Get(PromptBuilder.AgentOf(state, node).Model), request, time, wake);
        }
        catch (GatewayException exception)
        {
            return new AgentRun(node, request, new AgentOutput.Failed(exception.Code, exception.Message), wake);
        }
    }
}
