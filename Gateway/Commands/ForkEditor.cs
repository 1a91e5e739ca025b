using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Contracts;
using Gateway.Engine;
using Gateway.Refusals;
using Gateway.Workflows;

namespace Gateway.Commands;

/// <summary>Changes the workflow of a fork, and checks what comes of it like every other definition.</summary>
internal sealed class ForkEditor(InlineWorkflow definitions)
{
    /// <summary>The workflow with the changes; the same one where there are none.</summary>
    /// <param name="workflow">The workflow of the other session, children included.</param>
    /// <param name="state">Where that session stood.</param>
    /// <param name="edits">What is different.</param>
    /// <exception cref="GatewayException"><c>invalid_workflow</c>, with all problems and the path of each.</exception>
    public WorkflowDefinition Apply(WorkflowDefinition workflow, SessionState state, ForkEdits? edits)
    {
        if (edits is null) return workflow;
        var problems = new List<WorkflowProblem>();
        var agents = new Dictionary<string, AgentDefinition>(workflow.Agents ?? new Dictionary<string, AgentDefinition>(), StringComparer.Ordinal);
        var nodes = new Dictionary<string, NodeDefinition>(workflow.Nodes!, StringComparer.Ordinal);
        foreach (var (id, edit) in edits.Agents ?? new Dictionary<string, AgentDefinition>())
        {
            if (!agents.TryGetValue(id, out var agent) || edit is null) problems.Add(new WorkflowProblem($"edits.agents.{Naming.Show(id)}", "There is no such agent in the workflow, or nothing is said of it; its agents are those of the session's workflow."));
            else agents[id] = Merge(agent, edit);
        }

        foreach (var (id, edit) in edits.Nodes ?? new Dictionary<string, NodeEdit>())
        {
            var path = $"edits.nodes.{Naming.Show(id)}";
            if (!nodes.TryGetValue(id, out var node) || edit is null) problems.Add(new WorkflowProblem(path, "There is no such node in the workflow, or nothing is said of it; its nodes are those of the session's workflow."));
            else if (ChildWorkflow.NodeAround(id) is { } around) problems.Add(new WorkflowProblem(path, $"The node belongs to the workflow of node '{Naming.Show(around)}', whose file says what it does; fork before that node begins, or edit its agents."));
            else if (IsOver(state, id)) problems.Add(new WorkflowProblem(path, "The node has finished, so a change of it comes too late; fork before it ran, or change a node behind it."));
            else nodes[id] = Merge(node, edit);
        }

        InlineWorkflow.Refuse(problems);
        var changed = workflow with { Agents = workflow.Agents is null ? null : agents, Nodes = nodes };
        definitions.Check(WithoutChildren(changed));
        return changed;
    }

    // A node of a body has another turn as long as what goes through the body may have one.
    private static bool IsOver(SessionState state, string id)
    {
        if (state.Find(id) is not { } node) return state.Graph.FindPattern(id)?.Loop is { } map && IsOver(state, map.Id);
        return !node.IsOpen && (node.Node.Loop is not { } around || IsOver(state, around.Id));
    }

    private static AgentDefinition Merge(AgentDefinition agent, AgentDefinition edit) => agent with
    {
        Name = edit.Name ?? agent.Name,
        Instructions = edit.Instructions ?? agent.Instructions,
        Model = edit.Model ?? agent.Model,
        Temperature = edit.Temperature ?? agent.Temperature,
        MaxOutputTokens = edit.MaxOutputTokens ?? agent.MaxOutputTokens,
        Tools = edit.Tools ?? agent.Tools,
        Approval = edit.Approval ?? agent.Approval,
        MaxToolRounds = edit.MaxToolRounds ?? agent.MaxToolRounds,
    };

    private static NodeDefinition Merge(NodeDefinition node, NodeEdit edit)
    {
        var with = node.With;
        if (edit.With is { ValueKind: JsonValueKind.Object } changes)
        {
            var members = with is { ValueKind: JsonValueKind.Object } known ? JsonObject.Create(known)! : [];
            foreach (var member in changes.EnumerateObject())
            {
                if (member.Value.ValueKind == JsonValueKind.Null) members.Remove(member.Name);
                else members[member.Name] = JsonNode.Parse(member.Value.GetRawText());
            }

            with = members.Count == 0 ? null : JsonElement.Parse(members.ToJsonString());
        }

        return node with { Prompt = edit.Prompt ?? node.Prompt, With = with };
    }

    // As its author wrote it: what has been put in is checked with its own file.
    private static WorkflowDefinition WithoutChildren(WorkflowDefinition workflow) => workflow with
    {
        Agents = workflow.Agents?.Where(agent => ChildWorkflow.NodeAround(agent.Key) is null).ToDictionary(StringComparer.Ordinal),
        Nodes = workflow.Nodes!.Where(node => ChildWorkflow.NodeAround(node.Key) is null).ToDictionary(node => node.Key, node => ChildWorkflows.WithoutEntry(node.Value), StringComparer.Ordinal),
    };
}
