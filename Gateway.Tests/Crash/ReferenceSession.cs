using Gateway.Contracts;
using Gateway.Tests.Crash.Child;

namespace Gateway.Tests.Crash;

/// <summary>The session of the kill matrix: branches side by side, one that fails, a human review, many tokens.</summary>
internal static class ReferenceSession
{
    public const string Id = "reference";
    public const string Review = "review";
    public const string Answer = "Go ahead.";

    public static AgentScript[] Agents { get; } =
    [
        new("intro", 30),
        new("pro", 60),
        new("con", 60),
        new("broken", 0, Fails: true),
        new("judge", 30),
    ];

    public static StartSession Command { get; } = new()
    {
        SessionId = Id,
        Subject = AgentScript.InputOf(Id),
        Workflow = new WorkflowDefinition
        {
            Id = "reference",
            Agents = Agents.ToDictionary(agent => agent.Node, agent => agent.ToAgent()),
            Nodes = new Dictionary<string, NodeDefinition>
            {
                ["start"] = new() { Type = NodeType.Start, Next = ["intro"] },
                ["intro"] = new() { Type = NodeType.Agent, Agent = "intro", Next = ["fork"] },
                ["fork"] = new() { Type = NodeType.Parallel, Next = ["pro", "con", "broken", Review] },
                ["pro"] = new() { Type = NodeType.Agent, Agent = "pro", Next = ["judge"] },
                ["con"] = new() { Type = NodeType.Agent, Agent = "con", Next = ["judge"] },
                ["broken"] = new() { Type = NodeType.Agent, Agent = "broken", Next = ["judge"] },
                [Review] = new() { Type = NodeType.HumanReview, Prompt = "Good?", Next = ["judge"] },
                ["judge"] = new() { Type = NodeType.Agent, Agent = "judge", Next = ["end"] },
                ["end"] = new() { Type = NodeType.End },
            },
        },
    };
}
