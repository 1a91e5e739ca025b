using Gateway.Contracts;

namespace Gateway.Workflows;

/// <summary>The workflows of the files, as they were read last.</summary>
internal sealed class WorkflowCatalog : IWorkflowCatalog
{
    private readonly IReadOnlyList<CatalogFolder> _folders;
    private volatile Content _content = Content.Empty;

    private WorkflowCatalog(IReadOnlyList<CatalogFolder> folders) => _folders = folders;

    /// <summary>Reads and checks every workflow file of the folders; of the same id, the one in the later folder wins.</summary>
    /// <param name="folders">The folders; their subfolders are not read.</param>
    /// <param name="check">Checks the definitions.</param>
    /// <exception cref="WorkflowCatalogException">A file or a folder has a problem; lists all of them.</exception>
    public static WorkflowCatalog Load(IEnumerable<string> folders, DefinitionCheck check)
    {
        var catalog = new WorkflowCatalog([.. folders.Select(folder => new CatalogFolder(folder, check))]);
        var change = catalog.Refresh(settles: false);
        return change.Problems.Count == 0 ? catalog : throw new WorkflowCatalogException(change.Problems);
    }

    /// <summary>Reads the files that have changed since.</summary>
    /// <remarks>One caller at a time. What does not validate stays as it was; sessions keep the definition they were started with.</remarks>
    /// <param name="settles">Whether a change must be seen by two calls before it counts, so that what is half written is not read.</param>
    public CatalogChange Refresh(bool settles = true)
    {
        var problems = new List<WorkflowFileProblem>();
        foreach (var folder in _folders) folder.Refresh(settles, problems);
        var byId = new Dictionary<string, WorkflowDefinition>(StringComparer.Ordinal);
        foreach (var (id, workflow) in _folders.SelectMany(folder => folder.Served)) byId[id] = workflow;

        var before = _content.ById;
        var change = new CatalogChange(
            [.. byId.Where(now => !ReferenceEquals(before.GetValueOrDefault(now.Key), now.Value)).Select(now => now.Key).Order(StringComparer.Ordinal)],
            [.. before.Keys.Where(id => !byId.ContainsKey(id)).Order(StringComparer.Ordinal)],
            problems);
        if (change.Read.Count + change.Gone.Count > 0) _content = new Content(byId, [.. byId.Values.OrderBy(workflow => workflow.Id, StringComparer.Ordinal)]);
        return change;
    }

    /// <inheritdoc/>
    public IReadOnlyList<WorkflowDefinition> List() => _content.All;

    /// <inheritdoc/>
    public WorkflowDefinition? Find(string id) => _content.ById.GetValueOrDefault(id);

    private sealed record Content(Dictionary<string, WorkflowDefinition> ById, IReadOnlyList<WorkflowDefinition> All)
    {
        public static Content Empty { get; } = new([], []);
    }
}
