using Gateway.Contracts;

namespace Gateway.Workflows;

/// <summary>The workflows of the files, as they were read last, and those of the host.</summary>
internal sealed class WorkflowCatalog : IWorkflowCatalog
{
    private readonly IReadOnlyList<CatalogFolder> _folders;
    private volatile Content _content = Content.Empty;

    private readonly IReadOnlyDictionary<string, WorkflowDefinition> _ofHost;

    private WorkflowCatalog(IReadOnlyList<CatalogFolder> folders, IReadOnlyDictionary<string, WorkflowDefinition> ofHost) => (_folders, _ofHost) = (folders, ofHost);

    /// <summary>Reads and checks every workflow file of the folders; of the same id, the one in the later folder wins.</summary>
    /// <param name="folders">The folders; their subfolders are not read.</param>
    /// <param name="check">Checks the definitions.</param>
    /// <param name="ofHost">The workflows that the host has added in code; they win over the first folder, which comes along with the gateway.</param>
    /// <exception cref="WorkflowCatalogException">A file, a folder or a workflow of the host has a problem; lists all of them.</exception>
    public static WorkflowCatalog Load(IEnumerable<string> folders, DefinitionCheck check, IEnumerable<WorkflowDefinition>? ofHost = null)
    {
        var problems = new List<WorkflowFileProblem>();
        var added = CheckAll(ofHost ?? [], check, problems);
        var catalog = new WorkflowCatalog([.. folders.Select(folder => new CatalogFolder(folder, check))], added);
        problems.AddRange(catalog.Refresh(settles: false).Problems);
        if (problems.Count == 0) problems.AddRange(catalog.CheckChildren(check.Shapes));
        return problems.Count == 0 ? catalog : throw new WorkflowCatalogException(problems);
    }

    /// <summary>Reads the files that have changed since.</summary>
    /// <remarks>One caller at a time. What does not validate stays as it was; sessions keep the definition they were started with.</remarks>
    /// <param name="settles">Whether a change must be seen by two calls before it counts, so that what is half written is not read.</param>
    public CatalogChange Refresh(bool settles = true)
    {
        var problems = new List<WorkflowFileProblem>();
        foreach (var folder in _folders) folder.Refresh(settles, problems);
        var byId = new Dictionary<string, WorkflowDefinition>(StringComparer.Ordinal);
        foreach (var (id, workflow) in _folders.Take(1).SelectMany(folder => folder.Served).Concat(_ofHost).Concat(_folders.Skip(1).SelectMany(folder => folder.Served))) byId[id] = workflow;

        var before = _content.ById;
        var change = new CatalogChange(
            [.. byId.Where(now => !ReferenceEquals(before.GetValueOrDefault(now.Key), now.Value)).Select(now => now.Key).Order(StringComparer.Ordinal)],
            [.. before.Keys.Where(id => !byId.ContainsKey(id)).Order(StringComparer.Ordinal)],
            problems);
        if (change.Read.Count + change.Gone.Count > 0) _content = new Content(byId, [.. byId.Values.OrderBy(workflow => workflow.Id, StringComparer.Ordinal)]);
        return change;
    }

    // Which workflows there are is known once all files are read. One that changes later is checked when a session starts.
    private List<WorkflowFileProblem> CheckChildren(NodeShapes shapes)
    {
        var problems = new List<WorkflowFileProblem>();
        foreach (var (id, workflow) in _content.ById)
        {
            foreach (var problem in ChildWorkflows.PutIn(workflow, shapes, _content.ById.Keys, Find, id).Problems)
            {
                var file = _folders.Select(folder => folder.FindFile(workflow)).OfType<string>().LastOrDefault();
                problems.Add(file is null ? new WorkflowFileProblem($"workflow '{id}' of the host", 0, 0, problem.Path, problem.Message) : WorkflowFileReader.Read(file).Locate(problem));
            }
        }

        return problems;
    }

    /// <inheritdoc/>
    public IReadOnlyList<WorkflowDefinition> List() => _content.All;

    /// <inheritdoc/>
    public WorkflowDefinition? Find(string id) => _content.ById.GetValueOrDefault(id);

    private static Dictionary<string, WorkflowDefinition> CheckAll(IEnumerable<WorkflowDefinition> workflows, DefinitionCheck check, List<WorkflowFileProblem> problems)
    {
        var byId = new Dictionary<string, WorkflowDefinition>(StringComparer.Ordinal);
        foreach (var workflow in workflows)
        {
            var found = check.Find(workflow).ToList();
            if (workflow.Id is not { } id) found.Insert(0, new WorkflowProblem("id", "The id is missing; name the workflow."));
            else if (!byId.TryAdd(id, workflow)) found.Add(new WorkflowProblem("id", $"The host adds a workflow '{Naming.Show(id)}' twice; choose another id."));
            problems.AddRange(found.Select(problem => new WorkflowFileProblem($"workflow '{Naming.Show(workflow.Id ?? string.Empty)}' of the host", 0, 0, problem.Path, problem.Message)));
        }

        return byId;
    }

    private sealed record Content(Dictionary<string, WorkflowDefinition> ById, IReadOnlyList<WorkflowDefinition> All)
    {
        public static Content Empty { get; } = new([], []);
    }
}
