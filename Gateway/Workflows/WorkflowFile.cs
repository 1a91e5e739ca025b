using Gateway.Contracts;

namespace Gateway.Workflows;

/// <summary>A workflow file as it was read.</summary>
internal sealed class WorkflowFile
{
    private readonly IReadOnlyDictionary<string, Position> _positions;

    internal WorkflowFile(string path, WorkflowDefinition? workflow, IReadOnlyList<WorkflowFileProblem> problems, IReadOnlyDictionary<string, Position> positions)
    {
        Path = path;
        Workflow = workflow;
        Problems = problems;
        _positions = positions;
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>What could be read of it; null when it is not YAML or JSON at all.</summary>
    public WorkflowDefinition? Workflow { get; }

    /// <summary>Whether the text was of another format, a <see cref="NextIdsGraph"/>.</summary>
    public bool IsRewritten { get; init; }

    /// <summary>What could not be read; <see cref="WorkflowValidator"/> tells whether the definition can run.</summary>
    public IReadOnlyList<WorkflowFileProblem> Problems { get; }

    /// <summary>A problem of the definition, with its line; something missing has the line of what it is missing from.</summary>
    public WorkflowFileProblem Locate(WorkflowProblem problem)
    {
        var position = Position.Start;
        for (var path = problem.Path; path.Length > 0 && !_positions.TryGetValue(path, out position); path = Parent(path)) position = Position.Start;
        return new WorkflowFileProblem(Path, position.Line, position.Column, problem.Path, problem.Message);
    }

    private static string Parent(string path) => path[..Math.Max(0, path.LastIndexOfAny(['.', '[']))];
}
