using Gateway.Contracts;

namespace Gateway.Workflows;

/// <summary>What a workflow may say about the nodes of one type, and how that is checked.</summary>
/// <remarks>This is the part of a node kind that the checks of a definition need; the engine knows the rest of it.</remarks>
public interface INodeShape
{
    /// <summary>The <c>type</c> of these nodes, of the form of an id.</summary>
    string Type { get; }

    /// <summary>Which keys such a node has, and its place in the graph.</summary>
    NodeRules Rules { get; }

    /// <summary>The ways to other nodes that stand in <c>with</c>, beside those in <c>next</c>; none may be missing.</summary>
    /// <remarks>Asked about any definition, however broken, and must not throw.</remarks>
    IEnumerable<NodeWay> Ways(NodeDefinition node);

    /// <summary>Of a node that goes over a list: what its body calls an item of that in templates; null for every other node.</summary>
    /// <remarks>Asked about any definition, however broken, and must not throw.</remarks>
    string? ItemName(NodeDefinition node);

    /// <summary>Reports what the rules cannot say; asked only about a node that follows them.</summary>
    void Check(NodeCheck check);
}
