using Gateway.Workflows;

namespace Gateway.Engine;

/// <summary>How many nodes of a session are at work, and whether another may begin: the workflow's <c>max_parallel</c>, and that of each child workflow.</summary>
/// <remarks>
/// Counted as nodes change, from the log alone. A node that waits for a person has no part in it; one that goes on after an answer does not
/// wait again, so there may be one more for each answer, whose calls wait.
/// </remarks>
internal sealed class Parallelism(int? most)
{
    private readonly Dictionary<WorkflowNode, int> _inChild = [];
    private int _working;
    private bool _hasBoundedChild;

    /// <summary>The most of the whole session; null: any number.</summary>
    public int? Most => most;

    /// <summary>Whether nodes may have to wait.</summary>
    public bool IsBounded => most is not null || _hasBoundedChild;

    /// <summary>A child workflow has a bound of its own.</summary>
    public void BoundChild() => _hasBoundedChild = true;

    /// <summary>Counts a node whose work has begun or ended.</summary>
    public void Count(WorkflowNode node, bool begins)
    {
        _working += begins ? 1 : -1;
        for (var around = node.Loop; around is not null; around = around.Loop)
        {
            if (around.Nests) _inChild[around] = _inChild.GetValueOrDefault(around) + (begins ? 1 : -1);
        }
    }

    /// <summary>Whether a node may begin.</summary>
    public bool HasRoomFor(WorkflowNode node)
    {
        if (!node.Works) return true;
        if (_working >= most) return false;
        for (var around = node.Loop; around is not null; around = around.Loop)
        {
            if (around.Nests && ChildWorkflows.MaxParallelKey.WholeNumber(around.Definition) is { } own && _inChild.GetValueOrDefault(around) >= own) return false;
        }

        return true;
    }
}
