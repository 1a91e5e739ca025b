using System.Text;
using Gateway.Contracts;
using Gateway.Engine.Calls;
using Microsoft.Extensions.AI;

namespace Gateway.Engine;

/// <summary>Builds what an agent's model is asked from the session's state.</summary>
internal static class PromptBuilder
{
    /// <summary>The agent that speaks at a node.</summary>
    public static AgentDefinition AgentOf(SessionState state, NodeState node) => state.Header.Workflow.Agents![node.Node.Definition.Agent!];

    /// <summary>The agent's instructions; then the input, what the nodes before it said, and what users said.</summary>
    public static AgentRequest Build(SessionState state, NodeState node)
    {
        var agent = AgentOf(state, node);
        var messages = new List<ChatMessage>(2);
        if (!string.IsNullOrWhiteSpace(agent.Instructions)) messages.Add(new ChatMessage(ChatRole.System, agent.Instructions));
        messages.Add(new ChatMessage(ChatRole.User, Describe(state, node)));
        return new AgentRequest(messages, new ChatOptions { Temperature = (float?)agent.Temperature, MaxOutputTokens = agent.MaxOutputTokens });
    }

    private static string Describe(SessionState state, NodeState node)
    {
        var parts = state.Graph.Ancestors(node.Node)
            .Select(ancestor => state[ancestor.Id])
            .Where(ancestor => ancestor.Status == NodeStatus.Completed && ancestor.Text.Length > 0)
            .Select(ancestor => (Heading: Heading(state, ancestor), Text: ancestor.Text.ToString()))
            .Concat(state.UserMessages.Select(message => (Heading: "User", Text: message)))
            .ToList();
        if (parts.Count == 0) return state.Header.Input;

        var text = new StringBuilder();
        if (state.Header.Input.Length > 0) parts.Insert(0, ("Input", state.Header.Input));
        foreach (var (heading, part) in parts)
        {
            if (text.Length > 0) text.Append("\n\n");
            text.Append("# ").Append(heading).Append('\n').Append(part);
        }

        return text.ToString();
    }

    private static string Heading(SessionState state, NodeState node)
    {
        if (node.Node.Type == NodeType.HumanReview) return string.IsNullOrWhiteSpace(node.Node.Definition.Prompt) ? "User" : $"User, asked: {node.Node.Definition.Prompt}";
        return AgentOf(state, node).Name ?? node.Node.Definition.Agent!;
    }
}
