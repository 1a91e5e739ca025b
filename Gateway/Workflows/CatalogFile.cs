using Gateway.Contracts;

namespace Gateway.Workflows;

/// <summary>A workflow file that the catalog knows.</summary>
internal sealed class CatalogFile(string path)
{
    /// <summary>The file.</summary>
    public string Path { get; } = path;

    /// <summary>Its stamp when it was read last; null before that.</summary>
    public FileStamp? ReadAt { get; private set; }

    /// <summary>A stamp that was seen once since; it is read when it stands still. Null when there is none.</summary>
    public FileStamp? SeenAt { get; private set; }

    /// <summary>Whether it was not there when it was looked for last.</summary>
    public bool IsMissing { get; set; }

    /// <summary>The newest version that validates; null when none has.</summary>
    public WorkflowDefinition? Good { get; private set; }

    /// <summary>The id of the version that was read last, whether it validates or not; null when that could not be read.</summary>
    public string? ReadId { get; private set; }

    /// <summary>The version that sessions are started with; it stays while a newer one does not validate, or has the id of another file.</summary>
    public WorkflowDefinition? Served { get; set; }

    /// <summary>Whether it must be read: its stamp is another than when it was read, and stands still.</summary>
    /// <param name="settles">Whether a change must be seen twice; what is half written, or replaced in two steps, is not read then.</param>
    public bool HasChanged(bool settles)
    {
        IsMissing = false;
        var now = FileStamp.Of(Path);
        if (now == ReadAt)
        {
            SeenAt = null;
            return false;
        }

        if (settles && SeenAt != now)
        {
            SeenAt = now;
            return false;
        }

        (ReadAt, SeenAt) = (now, null);
        return true;
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
