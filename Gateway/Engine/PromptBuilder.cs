using System.Text;
using Gateway.Contracts;
using Gateway.Engine.Calls;
using Microsoft.Extensions.AI;

namespace Gateway.Engine;

/// <summary>Builds what an agent's model is asked from the session's state.</summary>
internal static class PromptBuilder
{
    private const string Missing = "(Nothing: this part of the work failed.)";

    /// <summary>The agent's instructions; then the input, what the nodes before it hand on, and what users said.</summary>
    public static ModelRequest Build(SessionState state, NodeState node, AgentDefinition agent)
    {
        state.Steps.Begin();
        var messages = new List<ChatMessage>(2);
        if (!string.IsNullOrWhiteSpace(agent.Instructions)) messages.Add(new ChatMessage(ChatRole.System, agent.Instructions));
        messages.Add(new ChatMessage(ChatRole.User, Describe(state, node)));
        return new ModelRequest(messages, new ChatOptions { Temperature = (float?)agent.Temperature, MaxOutputTokens = agent.MaxOutputTokens });
    }

    private static string Describe(SessionState state, NodeState node)
    {
        var parts = state.Graph.Ancestors(node.Node)
            .Select(ancestor => state[ancestor.Id])
            .Select(ancestor => (Node: ancestor, Text: TextOf(ancestor)))
            .Where(part => !string.IsNullOrEmpty(part.Text))
            .Select(part => (Heading: part.Node.Kind.Heading(part.Node.View), part.Text))
            .Concat(state.UserMessages.Select(message => (Heading: "User", Text: (string?)message)))
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

    // Without a word about a branch that failed, an agent would take the others for all there are.
    private static string? TextOf(NodeState node) => node.Status switch
    {
        NodeStatus.Completed => SessionOutput.TextOf(node),
        NodeStatus.Failed => Missing,
        _ => null,
    };
}
