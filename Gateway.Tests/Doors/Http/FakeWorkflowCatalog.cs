using Gateway.Contracts;
using Gateway.Workflows;

namespace Gateway.Tests.Doors.Http;

/// <summary>One small workflow.</summary>
public sealed class FakeWorkflowCatalog : IWorkflowCatalog
{
    private readonly WorkflowDefinition _workflow = new()
    {
        Id = "quick-answer",
        Name = "Quick answer",
        Agents = new Dictionary<string, AgentDefinition> { ["helper"] = new() { Name = "Helper", Model = "default" } },
        Nodes = new Dictionary<string, NodeDefinition>
        {
            ["start"] = new() { Type = NodeType.Start, Next = ["answer"] },
            ["answer"] = new() { Type = NodeType.Agent, Agent = "helper", Next = ["end"] },
            ["end"] = new() { Type = NodeType.End },
        },
    };

    public IReadOnlyList<WorkflowDefinition> List() => [_workflow];

    public WorkflowDefinition? Find(string id) => id == _workflow.Id ? _workflow : null;
}
