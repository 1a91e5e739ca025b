namespace Gateway.Workflows;

/// <summary>A node of a <see cref="NextIdsGraph"/>, on its way to be one of a workflow file.</summary>
internal sealed class NextIdsNode(string id, Position keyAt, SourceNode? type)
{
    private SourceNode? _type = type;

    /// <summary>Its name.</summary>
    public string Id { get; } = id;

    /// <summary>Where it stands.</summary>
    public Position At { get; init; }

    /// <summary>What stands in its place where that is no node.</summary>
    public SourceNode? Raw { get; init; }

    /// <summary>Its type; null where that is no text.</summary>
    public string? Type => (_type as SourceScalar)?.Value;

    /// <summary>The nodes it leads to.</summary>
    public List<SourceNode> Next { get; } = [];

    /// <summary>What stands beside its type and its ways.</summary>
    public List<SourceEntry> Members { get; } = [];

    /// <summary>What stands in its <c>with</c>.</summary>
    public List<SourceEntry> With { get; } = [];

    /// <summary>Makes it a node of another type.</summary>
    public void Become(string type) => _type = new SourceScalar(_type?.At ?? At, type, CanBeText: true, CanBeNumber: false);

    /// <summary>The node as a workflow file has it.</summary>
    public SourceEntry ToEntry()
    {
        if (Raw is not null) return new SourceEntry(Id, keyAt, Raw);
        var members = new List<SourceEntry>();
        if (_type is not null) members.Add(new SourceEntry("type", _type.At, _type));
        members.AddRange(Members);
        if (Next.Count > 0) members.Add(new SourceEntry("next", Next[0].At, new SourceList(Next[0].At, Next)));
        if (With.Count > 0) members.Add(new SourceEntry("with", With[0].At, new SourceMapping(With[0].At, With)));
        return new SourceEntry(Id, keyAt, new SourceMapping(At, members));
    }
}
