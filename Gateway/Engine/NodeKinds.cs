using Gateway.Contracts;
using Gateway.Refusals;
using Gateway.Workflows;

namespace Gateway.Engine;

/// <summary>The one table of node kinds: what the nodes of each type do.</summary>
internal sealed class NodeKinds
{
    private readonly Dictionary<string, INodeKind> _byType;

    /// <summary>A table of these kinds.</summary>
    /// <exception cref="NodeShapeException">Two have the same type, or a type is not of the form of an id.</exception>
    public NodeKinds(IEnumerable<INodeKind> kinds)
    {
        var all = kinds.ToList();
        Shapes = new NodeShapes(all);
        _byType = all.ToDictionary(kind => kind.Type, StringComparer.Ordinal);
    }

    /// <summary>What definitions may say about each type.</summary>
    public NodeShapes Shapes { get; }

    /// <summary>Finds a type's kind; null when there is none.</summary>
    public INodeKind? Find(string type) => _byType.GetValueOrDefault(type);

    /// <summary>Refuses a session with a node that this gateway has no kind for, such as one started by a host with more kinds.</summary>
    /// <exception cref="GatewayException"><c>invalid_workflow</c>.</exception>
    public void RequireAll(SessionState session)
    {
        foreach (var node in session.Graph.Nodes)
        {
            if (_byType.ContainsKey(node.Type)) continue;
            throw new GatewayException(
                ErrorCode.InvalidWorkflow,
                $"Node '{node.Id}' of session '{session.Header.SessionId}' has the type '{node.Type}', which this gateway does not have. The session goes on once a gateway starts that has it.");
        }
    }
}
