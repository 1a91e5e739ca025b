using Gateway.Contracts;

namespace Gateway.Workflows;

/// <summary>The workflows that can be started by id.</summary>
public interface IWorkflowCatalog
{
    /// <summary>All workflows, by id in ordinal order.</summary>
    IReadOnlyList<WorkflowDefinition> List();

    /// <summary>Finds a workflow; null when there is none with this id.</summary>
    WorkflowDefinition? Find(string id);
}
