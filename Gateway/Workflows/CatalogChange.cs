namespace Gateway.Workflows;

/// <summary>What has changed in the catalog since it was looked at last.</summary>
/// <param name="Read">The ids of the workflows that are new or another version.</param>
/// <param name="Gone">The ids of those that are there no more.</param>
/// <param name="Problems">What is wrong with files that have changed, once for each version.</param>
internal sealed record CatalogChange(IReadOnlyList<string> Read, IReadOnlyList<string> Gone, IReadOnlyList<WorkflowFileProblem> Problems);
