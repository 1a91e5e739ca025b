using System.Buffers;
using System.Text.Json;
using Gateway.Contracts;

namespace Gateway.Workflows;

/// <summary>Puts child workflows into the definition that names them, so that a session has one definition, whatever becomes of the files.</summary>
/// <remarks>
/// The nodes and agents of a child stand there under the name of the node that runs it, as in <c>check/draft</c>, and are otherwise as
/// their author wrote them: names within them mean nodes and agents of the same workflow.
/// </remarks>
internal sealed class ChildWorkflows
{
    /// <summary>How deep workflows may be part of each other.</summary>
    public const int MaxDepth = 5;

    /// <summary>The key of the first node of a child, which no author writes.</summary>
    public static readonly WithKey EntryKey = new("entry", WithValue.Text);

    /// <summary>The key of the child's own <c>max_parallel</c>, which no author writes.</summary>
    public static readonly WithKey MaxParallelKey = new("max_parallel", WithValue.WholeNumber);

    /// <summary>The key of the child's id.</summary>
    public static readonly WithKey WorkflowKey = new("workflow", WithValue.Text, IsRequired: true) { Description = "The id of the other workflow" };

    private readonly NodeShapes _shapes;
    private readonly IEnumerable<string> _known;
    private readonly Func<string, WorkflowDefinition?> _find;
    private readonly Dictionary<string, NodeDefinition> _nodes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, AgentDefinition> _agents = new(StringComparer.Ordinal);
    private readonly ProblemList _problems = new();
    private bool _isFull;

    private ChildWorkflows(NodeShapes shapes, IEnumerable<string> known, Func<string, WorkflowDefinition?> find) => (_shapes, _known, _find) = (shapes, known, find);

    /// <summary>The definition with its children in it; the same one where it has none.</summary>
    /// <param name="workflow">A definition that is valid by itself.</param>
    /// <param name="shapes">The types of nodes.</param>
    /// <param name="known">The ids of the workflows that may be named.</param>
    /// <param name="find">Finds one of them; null when it is not there.</param>
    /// <param name="id">The id by which others name it; null when they cannot.</param>
    public static (WorkflowDefinition Workflow, IReadOnlyList<WorkflowProblem> Problems) PutIn(WorkflowDefinition workflow, NodeShapes shapes, IEnumerable<string> known, Func<string, WorkflowDefinition?> find, string? id)
    {
        if (workflow.Nodes is not { } nodes || !nodes.Values.Any(node => Nests(shapes, node))) return (workflow, []);
        var children = new ChildWorkflows(shapes, known, find);
        children.Add(workflow, string.Empty, [id ?? "this workflow"], null);
        var agents = children._agents.Count > 0 ? children._agents : workflow.Agents;
        return (workflow with { Nodes = children._nodes, Agents = agents }, children._problems.ToList());
    }

    private static bool Nests(NodeShapes shapes, NodeDefinition? node) => shapes.Find(node?.Type) is { Rules.Nests: true };

    // The way tells which workflows lead here; the place is the node of the outermost one by which they do.
    private void Add(WorkflowDefinition workflow, string prefix, IReadOnlyList<string> way, string? place)
    {
        foreach (var (id, agent) in workflow.Agents ?? new Dictionary<string, AgentDefinition>()) _agents[prefix + id] = agent;
        foreach (var (id, node) in workflow.Nodes!)
        {
            if (_isFull) return;
            if (_nodes.Count == WorkflowValidator.MaxNodes)
            {
                _isFull = true;
                _problems.Add("nodes", $"With its child workflows the workflow has more than {WorkflowValidator.MaxNodes} nodes; make it or them smaller.");
                return;
            }

            if (!Nests(_shapes, node))
            {
                _nodes.Add(prefix + id, node);
                continue;
            }

            var name = WorkflowKey.Text(node) ?? string.Empty;
            var path = place ?? $"nodes.{Naming.Show(id)}.with.{WorkflowKey.Name}";
            var child = Find(name, way, path);
            var start = child?.Nodes?.FirstOrDefault(inner => _shapes.Find(inner.Value?.Type) is { Rules.Begins: true }).Key;
            _nodes.Add(prefix + id, start is null ? node : node with { With = WithEntry(node, ChildWorkflow.Inside(id, start), child!.MaxParallel), Budget = node.Budget ?? child.Budget });
            if (start is not null) Add(Defaults.PutInto(child!, _shapes), ChildWorkflow.Inside(prefix + id, string.Empty), [.. way, name], path);
        }
    }

    private WorkflowDefinition? Find(string name, IReadOnlyList<string> way, string path)
    {
        var shown = string.Join(" -> ", way.Append(name).Select(Naming.Show));
        if (way.Contains(name))
        {
            _problems.Add(path, $"The workflows lead back: {shown}; a workflow is no part of itself.");
            return null;
        }

        if (way.Count > MaxDepth)
        {
            _problems.Add(path, $"The workflows are part of each other more than {MaxDepth} deep: {shown}; put some of them together.");
            return null;
        }

        if (_find(name) is { } child) return child;
        var where = way.Count == 1 ? string.Empty : $", which '{Naming.Show(way[^1])}' names";
        _problems.AddUnknown(path, $"There is no workflow '{Naming.Show(name)}'{where}", name, _known);
        return null;
    }

    /// <summary>A node without what was put in for its child.</summary>
    public static NodeDefinition WithoutEntry(NodeDefinition node)
    {
        if (node.Type != NodeType.Workflow || node.With is not { ValueKind: JsonValueKind.Object } with || !with.TryGetProperty(EntryKey.Name, out _)) return node;
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            foreach (var member in with.EnumerateObject())
            {
                if (member.Name != EntryKey.Name && member.Name != MaxParallelKey.Name) member.WriteTo(json);
            }

            json.WriteEndObject();
        }

        return node with { With = JsonElement.Parse(buffer.WrittenSpan) };
    }

    private static JsonElement WithEntry(NodeDefinition node, string entry, int? maxParallel)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            foreach (var member in node.With!.Value.EnumerateObject()) member.WriteTo(json);
            json.WriteString(EntryKey.Name, entry);
            if (maxParallel is { } most) json.WriteNumber(MaxParallelKey.Name, most);
            json.WriteEndObject();
        }

        return JsonElement.Parse(buffer.WrittenSpan);
    }
}
