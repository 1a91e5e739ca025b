using Gateway.Contracts;

namespace Gateway.Workflows;

/// <summary>Finds all problems of a workflow definition.</summary>
public static class WorkflowValidator
{
    /// <summary>The most nodes, and the most agents, a workflow may have.</summary>
    public const int MaxNodes = 1000;

    private static readonly string[] Types = [NodeType.Start, NodeType.Agent, NodeType.Parallel, NodeType.HumanReview, NodeType.End];

    /// <summary>All problems, in the order of the definition; empty when it can run.</summary>
    /// <remarks>Takes any definition, however broken, and never throws. Beyond a hundred problems the rest is counted. Models are checked by whoever knows them.</remarks>
    public static IReadOnlyList<WorkflowProblem> Validate(WorkflowDefinition workflow)
    {
        var problems = new ProblemList();
        if (workflow is null)
        {
            problems.Add(string.Empty, "There is no workflow.");
            return problems.ToList();
        }

        if (workflow.Id is { } id && !Naming.IsId(id)) problems.Add("id", $"'{Naming.Show(id)}' is not an id: {Naming.IdForm}.");
        CheckAgents(workflow.Agents, problems);
        CheckNodes(workflow, problems);
        return problems.ToList();
    }

    private static void CheckAgents(IReadOnlyDictionary<string, AgentDefinition>? agents, ProblemList problems)
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
            if (!Naming.IsId(id)) problems.Add(path, $"'{Naming.Show(id)}' is not an id: {Naming.IdForm}.");
            if (id == TokenStream.UserAgentId) problems.Add(path, "The agent id 'user' is reserved for what users say; choose another id.");
            if (agent is null)
            {
                problems.Add(path, "The agent is empty; give it at least 'instructions', or {}.");
                continue;
            }

            if (agent.Temperature is { } temperature && !(temperature is >= 0 and <= 2)) problems.Add($"{path}.temperature", "The temperature is a number from 0 to 2.");
            if (agent.MaxOutputTokens < 1) problems.Add($"{path}.max_output_tokens", "The limit of output tokens is at least 1; leave it out for the model's own.");
        }
    }

    private static void CheckNodes(WorkflowDefinition workflow, ProblemList problems)
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
        var graph = new WorkflowGraph(nodes, problems);
        foreach (var (id, node) in nodes)
        {
            var path = $"nodes.{Naming.Show(id)}";
            if (!Naming.IsId(id)) problems.Add(path, $"'{Naming.Show(id)}' is not an id: {Naming.IdForm}.");
            if (node is null)
            {
                problems.Add(path, $"The node is empty; give it a 'type', one of {string.Join(", ", Types)}.");
                graph.MarkBroken(id);
                continue;
            }

            CheckType(path, node, problems);
            CheckMembers(path, node, workflow.Agents, problems);
            graph.AddEdges(id, path, node);
        }

        graph.Check();
    }

    private static void CheckEnds(IReadOnlyDictionary<string, NodeDefinition> nodes, ProblemList problems)
    {
        var starts = nodes.Where(n => n.Value?.Type == NodeType.Start).Select(n => n.Key).ToList();
        if (starts.Count == 0) problems.Add("nodes", "There is no node of type 'start'; a session begins at exactly one.");
        foreach (var extra in starts.Skip(1))
        {
            problems.Add($"nodes.{Naming.Show(extra)}", $"A second node of type 'start', after '{Naming.Show(starts[0])}'; a session begins at exactly one.");
        }

        if (!nodes.Any(n => n.Value?.Type == NodeType.End)) problems.Add("nodes", "There is no node of type 'end'; a session ends where one is reached.");
    }

    private static void CheckType(string path, NodeDefinition node, ProblemList problems)
    {
        if (string.IsNullOrEmpty(node.Type)) problems.Add($"{path}.type", $"The type is missing; it is one of {string.Join(", ", Types)}.");
        else if (!Types.Contains(node.Type)) problems.AddUnknown($"{path}.type", $"Unknown type '{Naming.Show(node.Type)}'; the types are {string.Join(", ", Types)}", node.Type, Types);
    }

    private static void CheckMembers(string path, NodeDefinition node, IReadOnlyDictionary<string, AgentDefinition>? agents, ProblemList problems)
    {
        // Of a type nobody knows, nobody knows the members.
        if (!Types.Contains(node.Type)) return;

        if (node.Type == NodeType.Agent) CheckAgent(path, node.Agent, agents, problems);
        else if (node.Agent is not null) problems.Add($"{path}.agent", $"A node of type '{node.Type}' has no agent; take it out, or make the node one of type 'agent'.");

        if (node.Type != NodeType.HumanReview)
        {
            if (node.Prompt is not null) problems.Add($"{path}.prompt", $"A node of type '{node.Type}' has no prompt; take it out, or make the node one of type 'human_review'.");
        }
        else if (string.IsNullOrWhiteSpace(node.Prompt))
        {
            problems.Add($"{path}.prompt", "The prompt is missing; say what the node asks the user.");
        }
    }

    private static void CheckAgent(string path, string? agent, IReadOnlyDictionary<string, AgentDefinition>? agents, ProblemList problems)
    {
        if (string.IsNullOrEmpty(agent)) problems.Add($"{path}.agent", "The agent is missing; name one of 'agents'.");
        else if (agents is null || !agents.ContainsKey(agent)) problems.AddUnknown($"{path}.agent", $"There is no agent '{Naming.Show(agent)}'", agent, agents?.Keys ?? []);
    }
}
