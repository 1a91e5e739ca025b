namespace Gateway.Client.Stores;

/// <summary>Branches that a parallel node started side by side.</summary>
public sealed class ParallelGroup
{
    internal ParallelGroup(string nodeId, IReadOnlyList<string> branches)
    {
        NodeId = nodeId;
        Branches = branches;
    }

    /// <summary>The parallel node.</summary>
    public string NodeId { get; }

    /// <summary>The nodes it started.</summary>
    public IReadOnlyList<string> Branches { get; }
}
