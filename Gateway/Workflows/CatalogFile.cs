using Gateway.Contracts;
using Gateway.Files;

namespace Gateway.Workflows;

/// <summary>A workflow file that the catalog knows.</summary>
internal sealed class CatalogFile(string path)
{
    private readonly WatchedFile _file = new(path);

    /// <summary>The file.</summary>
    public string Path => _file.Path;

    /// <summary>Whether it was not there when it was looked for last.</summary>
    public bool IsMissing { get; set; }

    /// <summary>The newest version that validates; null when none has.</summary>
    public WorkflowDefinition? Good { get; private set; }

    /// <summary>The id of the version that was read last, whether it validates or not; null when that could not be read.</summary>
    public string? ReadId { get; private set; }

    /// <summary>The version that sessions are started with; it stays while a newer one does not validate, or has the id of another file.</summary>
    public WorkflowDefinition? Served { get; set; }

    /// <summary>Whether it must be read, see <see cref="WatchedFile.HasChanged"/>.</summary>
    public bool HasChanged(bool settles)
    {
        IsMissing = false;
        return _file.HasChanged(settles);
    }

    /// <summary>Reads it; a version that has problems changes nothing.</summary>
    public IReadOnlyList<WorkflowFileProblem> Read(DefinitionCheck check, out WorkflowFile file)
    {
        file = WorkflowFileReader.Read(Path);
        var problems = check.Check(file);
        ReadId = file.Workflow?.Id;
        if (problems.Count == 0) Good = file.Workflow;
        return problems;
    }
}
