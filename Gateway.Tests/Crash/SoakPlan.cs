using System.Globalization;
using Gateway.Contracts;
using Gateway.Tests.Crash.Child;

namespace Gateway.Tests.Crash;

/// <summary>What happens to one session of the soak; decided before it starts, from the seed.</summary>
/// <param name="Id">The session.</param>
/// <param name="PauseAt">The user pauses on seeing this event.</param>
/// <param name="SpeakAt">The user says something on seeing this event.</param>
/// <param name="CancelAt">The user cancels on seeing this event; 0: never.</param>
/// <param name="LeavesAfter">The client on /ws leaves and comes back after each of these events.</param>
/// <param name="HubIsSlow">Whether the hub's client is the slow one, or the one on /ws.</param>
internal sealed record SoakPlan(string Id, long PauseAt, long SpeakAt, long CancelAt, IReadOnlySet<long> LeavesAfter, bool HubIsSlow)
{
    private const int Events = 80;

    public static AgentScript[] Agents { get; } = [new("first", 20), new("second", 20), new("last", 15)];

    public StartSession Command => new() { SessionId = Id, Subject = AgentScript.InputOf(Id), Workflow = Workflow };

    private static WorkflowDefinition Workflow { get; } = new()
    {
        Id = "soak",
        Agents = Agents.ToDictionary(agent => agent.Node, agent => agent.ToAgent()),
        Nodes = new Dictionary<string, NodeDefinition>
        {
            ["start"] = new() { Type = NodeType.Start, Next = ["first"] },
            ["first"] = new() { Type = NodeType.Agent, Agent = "first", Next = ["fork"] },
            ["fork"] = new() { Type = NodeType.Parallel, Next = ["second", "review"] },
            ["second"] = new() { Type = NodeType.Agent, Agent = "second", Next = ["last"] },
            ["review"] = new() { Type = NodeType.HumanReview, Prompt = "Good?", Next = ["last"] },
            ["last"] = new() { Type = NodeType.Agent, Agent = "last", Next = ["end"] },
            ["end"] = new() { Type = NodeType.End },
        },
    };

    public static SoakPlan Create(int number, Random random) => new(
        string.Create(CultureInfo.InvariantCulture, $"soak-{number}"),
        PauseAt: random.Next(1, Events),
        SpeakAt: random.Next(1, Events),
        CancelAt: random.Next(12) == 0 ? random.Next(1, Events) : 0,
        LeavesAfter: Enumerable.Range(0, random.Next(4)).Select(_ => (long)random.Next(1, Events)).ToHashSet(),
        HubIsSlow: random.Next(2) == 0);
}
