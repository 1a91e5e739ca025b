using Gateway.Contracts;
using Gateway.Templates;
using Gateway.Tools;

namespace Gateway.Workflows;

/// <summary>One node of a definition that is being checked, and where its kind reports what is wrong.</summary>
public sealed class NodeCheck
{
    private readonly ProblemList _problems;
    private readonly string _path;
    private readonly List<PathUse> _uses;
    private readonly ToolCheck _tools;

    internal NodeCheck(string id, NodeDefinition definition, WorkflowDefinition workflow, string path, ProblemList problems, List<PathUse> uses, ToolCheck? tools = null)
    {
        _uses = uses;
        _tools = tools ?? new ToolCheck(NoTools.Instance);
        Id = id;
        Definition = definition;
        Workflow = workflow;
        _path = path;
        _problems = problems;
    }

    /// <summary>The node's name within the workflow.</summary>
    public string Id { get; }

    /// <summary>What the workflow says about the node.</summary>
    public NodeDefinition Definition { get; }

    /// <summary>The whole workflow; other parts of it may be wrong.</summary>
    public WorkflowDefinition Workflow { get; }

    /// <summary>How many nodes lead to it; the greatest number where that is not known.</summary>
    internal int Before => Incoming?.Count(Id) ?? int.MaxValue;

    /// <summary>Which nodes lead where; null: nobody asks.</summary>
    internal IncomingWays? Incoming { get; init; }

    /// <summary>Reports a problem.</summary>
    /// <param name="key">Where in the node, such as <c>with.tokens</c>.</param>
    /// <param name="message">What is wrong and the way out, as a sentence.</param>
    public void Report(string key, string message) => _problems.Add($"{_path}.{key}", message);

    /// <summary>Reports what is wrong with a template, and paths in it that cannot exist.</summary>
    /// <param name="key">Where in the node, such as <c>with.output</c>.</param>
    /// <param name="template">The text.</param>
    public void RequireTemplate(string key, string? template)
    {
        var (read, problem) = TextTemplate.Parse(template ?? string.Empty);
        if (problem is not null) Report(key, problem.Message);
        else Use(key, read!.Paths);
    }

    /// <summary>Reports what is wrong with an expression, and paths in it that cannot exist.</summary>
    /// <param name="key">Where in the node, such as <c>with.until</c>.</param>
    /// <param name="expression">The text.</param>
    public void RequireExpression(string key, string? expression)
    {
        var (read, problem) = Expression.Parse(expression ?? string.Empty);
        if (problem is not null) Report(key, problem.Message);
        else Use(key, read!.Paths);
    }

    // Which paths can exist is known once the whole graph is.
    private void Use(string key, IEnumerable<TemplatePath> paths) => _uses.AddRange(paths.Select(path => new PathUse(Id, $"{_path}.{key}", path)));

    // A guess costs time, and nobody reads the guess of a problem that is only counted.
    internal string? Nearest(string name, IEnumerable<string> known) => _problems.IsFull ? null : Naming.Nearest(name, known);

    /// <summary>Reports a tool that this gateway does not have.</summary>
    /// <param name="key">Where in the node, such as <c>with.tool</c>.</param>
    /// <param name="tool">The tool's name.</param>
    /// <param name="mayBeServer">Whether an MCP server may be named, for all its tools.</param>
    public void RequireTool(string key, string? tool, bool mayBeServer) => _tools.Require($"{_path}.{key}", tool, mayBeServer, _problems);

    /// <summary>Reports an agent that the workflow does not have.</summary>
    /// <param name="key">Where in the node, such as <c>with.judge</c>.</param>
    /// <param name="agent">The agent's id.</param>
    public void RequireAgent(string key, string? agent)
    {
        var agents = Workflow.Agents;
        if (string.IsNullOrEmpty(agent)) Report(key, "The agent is missing; name one of 'agents'.");
        else if (agents is null || !agents.ContainsKey(agent)) _problems.AddUnknown($"{_path}.{key}", $"There is no agent '{Naming.Show(agent)}'", agent, agents?.Keys ?? []);
    }
}
