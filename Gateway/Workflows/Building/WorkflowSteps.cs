using System.Text.Json.Nodes;
using Gateway.Contracts;

namespace Gateway.Workflows.Building;

/// <summary>A place in a workflow that is being built: each step that is added follows what stands before it.</summary>
/// <remarks>What follows a parallel node, or a condition, waits for all of its branches that can still reach it.</remarks>
public sealed class WorkflowSteps
{
    private readonly WorkflowBuilder _workflow;

    // The ways that lead on from here.
    private readonly IReadOnlyList<Action<string>> _open;

    internal WorkflowSteps(WorkflowBuilder workflow, IReadOnlyList<Action<string>> open) => (_workflow, _open) = (workflow, open);

    /// <summary>A node of any type, also one that the host has added.</summary>
    public WorkflowSteps Then(string id, NodeDefinition node) => Add(id, node, out _);

    /// <summary>Leads to a node that is added elsewhere, such as a join, or an end of several branches.</summary>
    public WorkflowSteps Then(string id)
    {
        foreach (var lead in _open) lead(id);
        return new WorkflowSteps(_workflow, []);
    }

    /// <summary>An agent's turn.</summary>
    /// <param name="id">The node; and its agent, unless <paramref name="by"/> names another.</param>
    /// <param name="instructions">What the agent is told about its role.</param>
    /// <param name="by">The agent, where it has been added already or speaks at several nodes.</param>
    /// <param name="prompt">A template, in place of what an agent sees otherwise.</param>
    /// <param name="node">What else the node says: <c>n => n with { When = "..." }</c>.</param>
    public WorkflowSteps Agent(string id, string? instructions = null, string? by = null, string? prompt = null, Func<NodeDefinition, NodeDefinition>? node = null)
    {
        var agent = by ?? id;
        if (instructions is not null || !_workflow.HasAgent(agent)) _workflow.Agent(agent, new AgentDefinition { Instructions = instructions });
        return Add(id, Change(new NodeDefinition { Type = NodeType.Agent, Agent = agent, Prompt = prompt }, node), out _);
    }

    /// <summary>An agent's turn, with all that can be said about the agent.</summary>
    public WorkflowSteps Agent(string id, AgentDefinition agent)
    {
        _workflow.Agent(id, agent);
        return Agent(id, by: id);
    }

    /// <summary>Branches that run side by side; what follows waits for them.</summary>
    public WorkflowSteps Parallel(string id, params Func<WorkflowSteps, WorkflowSteps>[] branches)
    {
        Add(id, new NodeDefinition { Type = NodeType.Parallel }, out var parallel);
        return new WorkflowSteps(_workflow, [.. branches.SelectMany(branch => branch(new WorkflowSteps(_workflow, [parallel.LeadTo]))._open)]);
    }

    /// <summary>Rounds of a body, until a condition holds or there have been enough; the last steps of the body lead back.</summary>
    /// <param name="id">The node.</param>
    /// <param name="body">What a round consists of.</param>
    /// <param name="maxRounds">The most rounds; null: 3.</param>
    /// <param name="until">A condition, asked after each round.</param>
    /// <param name="exitOnScore">The score that ends the loop.</param>
    /// <param name="score">An expression that gives the score.</param>
    /// <param name="node">What else the node says.</param>
    public WorkflowSteps Loop(string id, Func<WorkflowSteps, WorkflowSteps> body, int? maxRounds = null, string? until = null, decimal? exitOnScore = null, string? score = null, Func<NodeDefinition, NodeDefinition>? node = null)
    {
        var steps = Add(id, Change(new NodeDefinition { Type = NodeType.Loop }, node), out var loop);
        loop.Parameters = [];
        body(new WorkflowSteps(_workflow, [entry => loop.Parameters["body"] = entry])).Then(id);
        Put(loop.Parameters, "max_rounds", maxRounds);
        Put(loop.Parameters, "until", until);
        Put(loop.Parameters, "exit_on_score", exitOnScore);
        Put(loop.Parameters, "score", score);
        return steps;
    }

    /// <summary>Leads on by conditions; the ways that are not taken are skipped.</summary>
    public WorkflowSteps Condition(string id, Action<ConditionWays> ways)
    {
        Add(id, new NodeDefinition { Type = NodeType.Condition }, out var condition);
        condition.Parameters = [];
        var open = new List<Action<string>>();
        ways(new ConditionWays(condition.Parameters, (begin, way) => open.AddRange(way(new WorkflowSteps(_workflow, [begin]))._open)));
        return new WorkflowSteps(_workflow, open);
    }

    /// <summary>Counts the ballots of the steps before it.</summary>
    /// <param name="id">The node.</param>
    /// <param name="threshold">The share that is enough; null: 0.67.</param>
    /// <param name="kind"><c>yes_no</c> or <c>score</c>; null: <c>yes_no</c>.</param>
    /// <param name="quorum">How many ballots must count; null: 1.</param>
    /// <param name="tie"><c>approve</c> or <c>reject</c>; null: <c>reject</c>.</param>
    /// <param name="node">What else the node says.</param>
    public WorkflowSteps Vote(string id, decimal? threshold = null, string? kind = null, int? quorum = null, string? tie = null, Func<NodeDefinition, NodeDefinition>? node = null)
    {
        var steps = Add(id, Change(new NodeDefinition { Type = NodeType.Vote }, node), out var vote);
        var parameters = new JsonObject();
        Put(parameters, "kind", kind);
        Put(parameters, "threshold", threshold);
        Put(parameters, "quorum", quorum);
        Put(parameters, "tie", tie);
        if (parameters.Count > 0) vote.Parameters = parameters;
        return steps;
    }

    /// <summary>Waits until a user answers the prompt, a template; the answer is what it hands on.</summary>
    public WorkflowSteps Review(string id, string prompt, Func<NodeDefinition, NodeDefinition>? node = null) =>
        Add(id, Change(new NodeDefinition { Type = NodeType.HumanReview, Prompt = prompt }, node), out _);

    /// <summary>Where a session ends.</summary>
    /// <param name="id">The node.</param>
    /// <param name="output">A template: what the session's output is; null: what came to the end.</param>
    public WorkflowSteps End(string id = "end", string? output = null)
    {
        Add(id, new NodeDefinition { Type = NodeType.End }, out var end);
        if (output is not null) end.Parameters = new JsonObject { ["output"] = output };
        return new WorkflowSteps(_workflow, []);
    }

    /// <inheritdoc cref="WorkflowBuilder.Set(string, Func{NodeDefinition, NodeDefinition})"/>
    public WorkflowSteps Set(string id, Func<NodeDefinition, NodeDefinition> change)
    {
        _workflow.Set(id, change);
        return this;
    }

    private static NodeDefinition Change(NodeDefinition node, Func<NodeDefinition, NodeDefinition>? change) => change is null ? node : change(node);

    private static void Put(JsonObject parameters, string name, JsonNode? value)
    {
        if (value is not null) parameters[name] = value;
    }

    private WorkflowSteps Add(string id, NodeDefinition node, out WorkflowBuilder.Draft draft)
    {
        draft = _workflow.Add(id, node);
        Then(id);
        return new WorkflowSteps(_workflow, [draft.LeadTo]);
    }
}
