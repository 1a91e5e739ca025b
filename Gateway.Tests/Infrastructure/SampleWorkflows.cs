using Gateway.Contracts;

namespace Gateway.Tests.Infrastructure;

/// <summary>The workflows of the tests; an agent's model has the agent's name.</summary>
internal static class SampleWorkflows
{
    public static WorkflowDefinition Quick { get; } = Of(("start", NodeType.Start, ["a"]), ("a", NodeType.Agent, ["end"]), ("end", NodeType.End, []));

    public static WorkflowDefinition Debate { get; } = Of(
        ("start", NodeType.Start, ["debate"]),
        ("debate", NodeType.Parallel, ["a", "b"]),
        ("a", NodeType.Agent, ["judge"]),
        ("b", NodeType.Agent, ["judge"]),
        ("judge", NodeType.Agent, ["end"]),
        ("end", NodeType.End, []));

    public static WorkflowDefinition Reviewed { get; } = Of(
        ("start", NodeType.Start, ["a"]),
        ("a", NodeType.Agent, ["review"]),
        ("review", NodeType.HumanReview, ["b"]),
        ("b", NodeType.Agent, ["end"]),
        ("end", NodeType.End, []));

    public static WorkflowDefinition ReviewBesideAgent { get; } = Of(
        ("start", NodeType.Start, ["fork"]),
        ("fork", NodeType.Parallel, ["a", "review", "second"]),
        ("a", NodeType.Agent, ["end"]),
        ("review", NodeType.HumanReview, ["end"]),
        ("second", NodeType.HumanReview, ["end"]),
        ("end", NodeType.End, []));

    /// <summary>Two reviews, one after the other.</summary>
    public static WorkflowDefinition Gates { get; } = Of(("start", NodeType.Start, ["first"]), ("first", NodeType.HumanReview, ["second"]), ("second", NodeType.HumanReview, ["end"]), ("end", NodeType.End, []));

    public static WorkflowDefinition Of(params (string Id, string Type, string[] Next)[] nodes) => new()
    {
        Id = "test",
        Agents = nodes.Where(n => n.Type == NodeType.Agent).ToDictionary(n => n.Id, n => new AgentDefinition { Name = $"Agent {n.Id.ToUpperInvariant()}", Instructions = $"You are {n.Id}.", Model = n.Id, Temperature = 0.5, MaxOutputTokens = 77 }),
        Nodes = nodes.ToDictionary(n => n.Id, n => new NodeDefinition { Type = n.Type, Next = n.Next, Agent = n.Type == NodeType.Agent ? n.Id : null, Prompt = n.Type == NodeType.HumanReview ? "Good?" : null }),
    };
}
