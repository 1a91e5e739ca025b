using Gateway.Contracts;
using Gateway.Refusals;
using Gateway.Tools;

namespace Gateway.Workflows;

/// <summary>Finds all problems of a workflow definition.</summary>
internal sealed class WorkflowValidator(NodeShapes shapes, IToolCatalog? tools = null)
{
    /// <summary>The most nodes, and the most agents, a workflow may have.</summary>
    public const int MaxNodes = 1000;

    /// <summary>What may follow when a node fails.</summary>
    internal static readonly string[] Policies = [ErrorPolicy.Fail, ErrorPolicy.Continue, ErrorPolicy.Skip];

    /// <summary>The types of nodes.</summary>
    public NodeShapes Shapes => shapes;

    private readonly ToolCheck _tools = new(tools ?? NoTools.Instance);
    private readonly string _types = string.Join(", ", shapes.Types);

    /// <summary>All problems, in the order of the definition; empty when it can run.</summary>
    /// <remarks>Takes any definition, however broken, and never throws. Beyond a hundred problems the rest is counted. Models are checked by whoever knows them.</remarks>
    public IReadOnlyList<WorkflowProblem> Validate(WorkflowDefinition workflow)
    {
        var problems = new ProblemList();
        if (workflow is null)
        {
            problems.Add(string.Empty, "There is no workflow.");
            return problems.ToList();
        }

        if (workflow.Id is { } id) CheckId("id", id, problems);
        if (workflow.Inputs is { } inputs && OutputSchema.Read(inputs).Problem is { } problem) problems.Add("inputs", problem);
        if (workflow.Budget is { } budget) Budget.Check("budget", budget, problems.Add);
        if (workflow.Defaults is { } defaults) Defaults.Check(defaults, problems);
        if (workflow.MaxParallel is < 1 or > MaxNodes) problems.Add("max_parallel", $"Expected a whole number from 1 to {MaxNodes}.");
        CheckAgents(workflow.Agents, problems);
        CheckNodes(workflow, problems);
        return problems.ToList();
    }

    private static void CheckId(string path, string id, ProblemList problems)
    {
        if (!IdForm.Matches(id)) problems.Add(path, $"'{Naming.Show(id)}' is not an id; an id has {IdForm.Words}.");
    }

    private void CheckAgents(IReadOnlyDictionary<string, AgentDefinition>? agents, ProblemList problems)
    {
        if (agents is null) return;
        if (agents.Count > MaxNodes)
        {
            problems.Add("agents", $"There are {agents.Count} agents; a workflow has at most {MaxNodes}.");
            return;
        }

        foreach (var (id, agent) in agents)
        {
            var path = $"agents.{Naming.Show(id)}";
            CheckId(path, id, problems);
            if (id == TokenStream.UserAgentId) problems.Add(path, "The agent id 'user' is reserved for what users say; choose another id.");
            if (agent is null)
            {
                problems.Add(path, "The agent is empty; give it at least 'instructions', or {}.");
                continue;
            }

            if (agent.Temperature is { } temperature && !(temperature is >= 0 and <= 2)) problems.Add($"{path}.temperature", "The temperature is a number from 0 to 2.");
            _tools.Check(path, agent, problems);
            if (agent.MaxOutputTokens < 1) problems.Add($"{path}.max_output_tokens", "The limit of output tokens is at least 1; leave it out for the model's own.");
        }
    }

    private void CheckNodes(WorkflowDefinition workflow, ProblemList problems)
    {
        var nodes = workflow.Nodes;
        if (nodes is null or { Count: 0 })
        {
            problems.Add("nodes", "There are no nodes; a workflow has at least a 'start' and an 'end' node.");
            return;
        }

        if (nodes.Count > MaxNodes)
        {
            problems.Add("nodes", $"There are {nodes.Count} nodes; a workflow has at most {MaxNodes}.");
            return;
        }

        CheckEnds(nodes, problems);
        var graph = new GraphCheck(nodes, shapes, problems);
        var uses = new List<PathUse>();
        var incoming = new IncomingWays(nodes, shapes);
        foreach (var (id, node) in nodes)
        {
            var path = $"nodes.{Naming.Show(id)}";
            CheckId(path, id, problems);
            if (node is null)
            {
                problems.Add(path, $"The node is empty; give it a 'type', one of {_types}.");
                graph.MarkBroken(id);
                continue;
            }

            CheckNode(new NodeCheck(id, node, workflow, path, problems, uses, _tools) { Incoming = incoming }, path, problems);
            graph.AddEdges(id, path, node);
        }

        graph.Check();
        graph.CheckJoins();
        var paths = new PathCheck(nodes, workflow.Inputs, graph, problems);
        foreach (var use in uses) paths.Check(use);
    }

    private void CheckEnds(IReadOnlyDictionary<string, NodeDefinition> nodes, ProblemList problems)
    {
        var starts = nodes.Where(n => shapes.Find(n.Value?.Type) is { Rules.Begins: true }).ToList();
        if (starts.Count == 0) problems.Add("nodes", $"There is no node of type {shapes.Named(rules => rules.Begins)}; a session begins at exactly one.");
        foreach (var extra in starts.Skip(1))
        {
            problems.Add($"nodes.{Naming.Show(extra.Key)}", $"A second node of type '{extra.Value.Type}', after '{Naming.Show(starts[0].Key)}'; a session begins at exactly one.");
        }

        if (!nodes.Any(n => shapes.Find(n.Value?.Type) is { Rules.Ends: true })) problems.Add("nodes", $"There is no node of type {shapes.Named(rules => rules.Ends)}; a session ends where one is reached.");
    }

    private void CheckNode(NodeCheck check, string path, ProblemList problems)
    {
        var node = check.Definition;

        // The other keys mean nothing where the type is unknown.
        if (shapes.Find(node.Type) is not { } shape)
        {
            if (string.IsNullOrEmpty(node.Type)) problems.Add($"{path}.type", $"The type is missing; it is one of {_types}.");
            else problems.AddUnknown($"{path}.type", $"Unknown type '{Naming.Show(node.Type)}'; the types are {_types}", node.Type, shapes.Types);
            return;
        }

        var before = problems.Count;
        CheckAgent(check, shape);
        CheckPrompt(check, shape);
        if (node.When is { } when) check.RequireExpression("when", when);
        if (node.OnError is { } policy && !Policies.Contains(policy)) check.Report("on_error", $"'{Naming.Show(policy)}' is none of {string.Join(", ", Policies)}.");
        if (shape.Rules.Begins && (node.When ?? node.OnError) is not null) check.Report(node.When is null ? "on_error" : "when", "The session begins here, so the node has no condition and cannot fail; take the key out.");
        NodeRetry.Check(check, shape.Rules);
        NodeTimeout.Check(check, shape.Rules);
        NodeFallback.Check(check, shape.Rules);
        Budget.Check(check, shape.Rules);
        WithCheck.Run(check, shape);
        if (problems.Count == before) shape.Check(check);
    }

    private void CheckAgent(NodeCheck check, INodeShape shape)
    {
        var agent = check.Definition.Agent;
        if (shape.Rules.Agent == KeyUse.None)
        {
            if (agent is not null) check.Report("agent", $"A node of type '{shape.Type}' has no agent; take it out, or make the node one of type {shapes.Named(rules => rules.Agent != KeyUse.None)}.");
        }
        else if (agent is not null || shape.Rules.Agent == KeyUse.Required)
        {
            check.RequireAgent("agent", agent);
        }
    }

    private void CheckPrompt(NodeCheck check, INodeShape shape)
    {
        var prompt = check.Definition.Prompt;
        if (shape.Rules.Prompt == KeyUse.None)
        {
            if (prompt is not null) check.Report("prompt", $"A node of type '{shape.Type}' has no prompt; take it out, or make the node one of type {shapes.Named(rules => rules.Prompt != KeyUse.None)}.");
        }
        else if (string.IsNullOrWhiteSpace(prompt) && (prompt is not null || shape.Rules.Prompt == KeyUse.Required))
        {
            check.Report("prompt", "The prompt is missing; say what the node asks the user.");
        }
        else if (prompt is not null)
        {
            check.RequireTemplate("prompt", prompt);
        }
    }
}
