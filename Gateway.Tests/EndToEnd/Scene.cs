using Gateway.Contracts;
using Gateway.Tests.Infrastructure;

namespace Gateway.Tests.EndToEnd;

/// <summary>One session of a test: its start, and models of its own, one a node.</summary>
internal sealed class Scene
{
    private readonly GatedGateway _gateway;

    public Scene(GatedGateway gateway, WorkflowDefinition workflow)
    {
        _gateway = gateway;
        Id = Starts.NewId();
        Start = new StartSession
        {
            SessionId = Id,
            Subject = "Tea or coffee?",
            Workflow = workflow with { Agents = workflow.Agents!.ToDictionary(a => a.Key, a => a.Value with { Model = Name(a.Key) }) },
        };
    }

    public string Id { get; }

    public StartSession Start { get; }

    /// <summary>The next call of a node's model.</summary>
    public Task<GatedCall> CallAsync(string node) => _gateway.Models[Name(node)].NextCall();

    private string Name(string node) => $"{Id}-{node}";
}
