using Gateway.Contracts;

namespace Gateway.Workflows;

/// <summary>A workflow that the host has added in code.</summary>
internal sealed record HostWorkflow(WorkflowDefinition Workflow);
