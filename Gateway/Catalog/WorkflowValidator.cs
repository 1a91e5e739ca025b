using Gateway.Contracts;

namespace Gateway.Catalog;

/// <summary>Finds all problems of a workflow definition.</summary>
public static class WorkflowValidator
{
    /// <summary>All problems, in the order of the definition; empty when it can run.</summary>
    public static IReadOnlyList<WorkflowProblem> Validate(WorkflowDefinition workflow) => [];
}
