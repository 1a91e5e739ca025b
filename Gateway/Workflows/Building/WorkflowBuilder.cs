using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Contracts;

namespace Gateway.Workflows.Building;

/// <summary>Builds a workflow in code: the same definition that a file gives, checked in the same way when the gateway starts.</summary>
/// <remarks>
/// <see cref="Start"/> begins a chain of steps, each of which leads to the next. What a chain cannot say, <see cref="Node"/> and
/// <see cref="Set(string, Func{NodeDefinition, NodeDefinition})"/> do. A name that is given twice is refused at once; all else that is wrong is told at the start, with its path.
/// </remarks>
public sealed class WorkflowBuilder
{
    private readonly string _id;
    private readonly Dictionary<string, AgentDefinition> _agents = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Draft> _nodes = new(StringComparer.Ordinal);
    private string? _name;
    private string? _description;
    private Func<WorkflowDefinition, WorkflowDefinition> _change = static workflow => workflow;

    internal WorkflowBuilder(string id) => _id = id;

    /// <summary>Gives it a title for people, and a sentence that says what it does.</summary>
    public WorkflowBuilder Named(string name, string? description = null)
    {
        (_name, _description) = (name, description);
        return this;
    }

    /// <summary>Adds an agent; steps name it with <c>by</c>.</summary>
    /// <exception cref="ArgumentException">There is one with this id.</exception>
    public WorkflowBuilder Agent(string id, AgentDefinition agent)
    {
        if (!_agents.TryAdd(id, agent)) throw new ArgumentException($"Workflow '{_id}' has an agent '{id}' already; say 'by: \"{id}\"' at the step, or choose another id.", nameof(id));
        return this;
    }

    /// <summary>Adds a node of any type, which leads where it says.</summary>
    /// <exception cref="ArgumentException">There is one with this id.</exception>
    public WorkflowBuilder Node(string id, NodeDefinition node)
    {
        Add(id, node);
        return this;
    }

    /// <summary>Changes what a node says, such as its <c>when</c>: <c>Set("judge", n => n with { When = "..." })</c>.</summary>
    /// <exception cref="ArgumentException">There is no such node yet.</exception>
    public WorkflowBuilder Set(string id, Func<NodeDefinition, NodeDefinition> change)
    {
        var draft = Find(id);
        draft.Node = change(draft.Node);
        return this;
    }

    /// <summary>Changes what the workflow says about itself, its agents and nodes left aside.</summary>
    public WorkflowBuilder Set(Func<WorkflowDefinition, WorkflowDefinition> change)
    {
        var before = _change;
        _change = workflow => change(before(workflow));
        return this;
    }

    /// <summary>Where a session begins; the steps that are added to what this returns follow one another.</summary>
    public WorkflowSteps Start(string id = "start") => new WorkflowSteps(this, []).Then(id, new NodeDefinition { Type = NodeType.Start });

    /// <summary>Goes on behind a node that is there.</summary>
    /// <exception cref="ArgumentException">There is no such node yet.</exception>
    public WorkflowSteps After(string id) => new(this, [Find(id).LeadTo]);

    /// <summary>The definition as it is so far; nothing of it has been checked.</summary>
    public WorkflowDefinition Build() => _change(new WorkflowDefinition { Id = _id, Name = _name, Description = _description }) with
    {
        Agents = _agents.Count == 0 ? null : new Dictionary<string, AgentDefinition>(_agents, StringComparer.Ordinal),
        Nodes = _nodes.ToDictionary(node => node.Key, node => node.Value.Finish(), StringComparer.Ordinal),
    };

    /// <summary>Whether there is an agent with this id.</summary>
    internal bool HasAgent(string id) => _agents.ContainsKey(id);

    internal Draft Add(string id, NodeDefinition node)
    {
        var draft = new Draft(node);
        if (!_nodes.TryAdd(id, draft)) throw new ArgumentException($"Workflow '{_id}' has a node '{id}' already; choose another id, or lead to that one with Then(\"{id}\").", nameof(id));
        return draft;
    }

    private Draft Find(string id) => _nodes.GetValueOrDefault(id) ?? throw new ArgumentException($"Workflow '{_id}' has no node '{id}' yet; add it first.", nameof(id));

    /// <summary>A node whose ways are still being found.</summary>
    internal sealed class Draft(NodeDefinition node)
    {
        private readonly List<string> _next = [];

        public NodeDefinition Node { get; set; } = node;

        /// <summary>What goes into <c>with</c>; null: what the node says itself.</summary>
        public JsonObject? Parameters { get; set; }

        public void LeadTo(string id)
        {
            if (!_next.Contains(id)) _next.Add(id);
        }

        public NodeDefinition Finish() => Node with
        {
            Next = _next.Count == 0 ? Node.Next : [.. Node.Next ?? [], .. _next],
            With = Parameters is null ? Node.With : JsonSerializer.SerializeToElement(Parameters),
        };
    }
}
