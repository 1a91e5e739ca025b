using System.Diagnostics.CodeAnalysis;
using Gateway.Contracts;

namespace Gateway.Workflows;

/// <summary>A folder of workflow files, without its subfolders, as it was read last.</summary>
internal sealed class CatalogFolder(string path, DefinitionCheck check)
{
    private readonly SortedDictionary<string, CatalogFile> _files = new(StringComparer.Ordinal);
    private bool _isReadable = true;

    /// <summary>The workflows that its files serve, by id.</summary>
    public IReadOnlyDictionary<string, WorkflowDefinition> Served { get; private set; } = new Dictionary<string, WorkflowDefinition>();

    /// <summary>Reads the files that have changed, and forgets those that are gone.</summary>
    /// <param name="settles">Whether a change must be seen twice before it counts.</param>
    /// <param name="problems">Takes what is wrong, once for each version of a file.</param>
    public void Refresh(bool settles, List<WorkflowFileProblem> problems)
    {
        if (!TryListFiles(problems, out var paths)) return;
        Forget([.. paths], settles);
        foreach (var path in paths)
        {
            if (!_files.TryGetValue(path, out var file)) _files.Add(path, file = new CatalogFile(path));
            if (!file.HasChanged(settles)) continue;
            problems.AddRange(file.Read(check, out var read));
            var isGood = file.Good is { } good && ReferenceEquals(good, read.Workflow);

            // At the start an id that stands twice is told whatever else is wrong with the two.
            var other = settles ? isGood ? Owner(file) : null : _files.Values.FirstOrDefault(other => other != file && file.ReadId is { } id && other.ReadId == id);
            if (other is not null) problems.Add(read.Locate(new WorkflowProblem("id", $"The id '{Naming.Show(file.ReadId!)}' is taken by '{Path.GetFileName(other.Path)}' in the same folder; choose another.")));

            Serve(file);
        }

        // What was held back by another file's id may be free now.
        foreach (var file in _files.Values) Serve(file);
        Served = _files.Values.Where(file => file.Served is not null).ToDictionary(file => file.Served!.Id!, file => file.Served!, StringComparer.Ordinal);
    }

    /// <summary>The file that serves a workflow; null when none of the folder does.</summary>
    public string? FindFile(WorkflowDefinition workflow) => _files.Values.FirstOrDefault(file => ReferenceEquals(file.Served, workflow))?.Path;

    private void Serve(CatalogFile file)
    {
        if (Owner(file) is null) file.Served = file.Good;
    }

    // Who serves the id that a file's good version has.
    private CatalogFile? Owner(CatalogFile file) =>
        file.Good is { } good && !ReferenceEquals(good, file.Served) ? _files.Values.FirstOrDefault(other => other != file && other.Served?.Id == good.Id) : null;

    private void Forget(HashSet<string> paths, bool settles)
    {
        foreach (var (path, file) in _files.ToList())
        {
            if (paths.Contains(path)) continue;

            // Whoever replaces a file may take it away first.
            if (!settles || file.IsMissing) _files.Remove(path);
            else file.IsMissing = true;
        }
    }

    private bool TryListFiles(List<WorkflowFileProblem> problems, [NotNullWhen(true)] out IReadOnlyList<string>? paths)
    {
        try
        {
            paths = [.. Directory.EnumerateFiles(path).Where(WorkflowFileReader.Reads).Order(StringComparer.Ordinal)];
            _isReadable = true;
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            if (_isReadable) problems.Add(new WorkflowFileProblem(path, 0, 0, string.Empty, $"The folder cannot be read: {exception.Message}"));
            _isReadable = false;
            paths = null;
            return false;
        }
    }
}
