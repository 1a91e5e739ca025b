using Gateway.Contracts;

namespace Gateway.Doors.Http;

/// <summary>The workflows that can be started by id.</summary>
internal sealed record WorkflowList
{
    /// <summary>All of them, by id.</summary>
    public required IReadOnlyList<WorkflowDefinition> Workflows { get; init; }
}
