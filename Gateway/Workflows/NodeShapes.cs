using Gateway.Refusals;

namespace Gateway.Workflows;

/// <summary>The types of nodes that a workflow can have here, each with its rules.</summary>
internal sealed class NodeShapes
{
    private readonly Dictionary<string, INodeShape> _byType = new(StringComparer.Ordinal);

    /// <summary>A table of these types, in this order.</summary>
    /// <exception cref="NodeShapeException">Two have the same type, or a type is not of the form of an id.</exception>
    public NodeShapes(IEnumerable<INodeShape> shapes)
    {
        foreach (var shape in shapes)
        {
            var type = shape.Type;
            if (type is null || !IdForm.Matches(type)) throw new NodeShapeException($"The node kind {shape.GetType().Name} has the type '{Naming.Show(type ?? string.Empty)}'; a type has {IdForm.Words}.");
            if (!_byType.TryAdd(type, shape)) throw new NodeShapeException($"Two node kinds have the type '{type}': {_byType[type].GetType().Name} and {shape.GetType().Name}. Register one of them, once.");
        }

        Types = [.. _byType.Keys];
    }

    /// <summary>The types, in the order of registration.</summary>
    public IReadOnlyList<string> Types { get; }

    /// <summary>Finds a type's shape; null when there is none.</summary>
    public INodeShape? Find(string? type) => type is null ? null : _byType.GetValueOrDefault(type);

    /// <summary>The types whose rules fit, for a message: <c>'a' or 'b'</c>.</summary>
    public string Named(Func<NodeRules, bool> fits) => string.Join(" or ", _byType.Values.Where(shape => fits(shape.Rules)).Select(shape => $"'{shape.Type}'"));
}
