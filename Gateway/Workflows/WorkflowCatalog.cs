using System.Diagnostics.CodeAnalysis;
using Gateway.Contracts;

namespace Gateway.Workflows;

/// <summary>The workflows of the files; a changed file is read at the next start.</summary>
internal sealed class WorkflowCatalog : IWorkflowCatalog
{
    private readonly Dictionary<string, WorkflowDefinition> _byId;
    private readonly WorkflowDefinition[] _all;

    private WorkflowCatalog(Dictionary<string, WorkflowDefinition> byId)
    {
        _byId = byId;
        _all = [.. byId.Values.OrderBy(workflow => workflow.Id, StringComparer.Ordinal)];
    }

    /// <summary>Reads and checks every workflow file of the folders; of the same id, the one in the later folder wins.</summary>
    /// <param name="folders">The folders; their subfolders are not read.</param>
    /// <param name="validator">Checks the definitions.</param>
    /// <param name="modelProblem">What is wrong with a model name, as a sentence; null when it is configured.</param>
    /// <exception cref="WorkflowCatalogException">A file or a folder has a problem; lists all of them.</exception>
    public static WorkflowCatalog Load(IEnumerable<string> folders, WorkflowValidator validator, Func<string?, string?> modelProblem)
    {
        var problems = new List<WorkflowFileProblem>();
        var byId = new Dictionary<string, WorkflowDefinition>(StringComparer.Ordinal);
        foreach (var folder in folders)
        {
            foreach (var (id, workflow) in LoadFolder(folder, validator, modelProblem, problems)) byId[id] = workflow;
        }

        return problems.Count == 0 ? new WorkflowCatalog(byId) : throw new WorkflowCatalogException(problems);
    }

    /// <inheritdoc/>
    public IReadOnlyList<WorkflowDefinition> List() => _all;

    /// <inheritdoc/>
    public WorkflowDefinition? Find(string id) => _byId.GetValueOrDefault(id);

    private static Dictionary<string, WorkflowDefinition> LoadFolder(string folder, WorkflowValidator validator, Func<string?, string?> modelProblem, List<WorkflowFileProblem> problems)
    {
        var byId = new Dictionary<string, WorkflowDefinition>(StringComparer.Ordinal);
        if (!TryListFiles(folder, problems, out var paths)) return byId;

        var files = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var path in paths)
        {
            var file = WorkflowFileReader.Read(path);
            problems.AddRange(file.Problems);
            if (file.Workflow is not { } workflow) continue;

            problems.AddRange(validator.Validate(workflow).Select(file.Locate));
            problems.AddRange(CheckModels(workflow, modelProblem).Select(file.Locate));
            var id = workflow.Id!;
            byId[id] = workflow;
            if (!files.TryAdd(id, path)) problems.Add(file.Locate(new WorkflowProblem("id", $"The id '{Naming.Show(id)}' is taken by '{Path.GetFileName(files[id])}' in the same folder; choose another.")));
        }

        return byId;
    }

    private static bool TryListFiles(string folder, List<WorkflowFileProblem> problems, [NotNullWhen(true)] out IReadOnlyList<string>? paths)
    {
        try
        {
            paths = [.. Directory.EnumerateFiles(folder).Where(WorkflowFileReader.Reads).Order(StringComparer.Ordinal)];
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            problems.Add(new WorkflowFileProblem(folder, 0, 0, string.Empty, $"The folder cannot be read: {exception.Message}"));
            paths = null;
            return false;
        }
    }

    private static IEnumerable<WorkflowProblem> CheckModels(WorkflowDefinition workflow, Func<string?, string?> modelProblem)
    {
        foreach (var (id, agent) in workflow.Agents ?? new Dictionary<string, AgentDefinition>())
        {
            if (agent is not null && modelProblem(agent.Model) is { } message) yield return new WorkflowProblem($"agents.{Naming.Show(id)}.model", message);
        }
    }
}
