namespace Gateway.Workflows;

/// <summary>The workflow files have problems; the gateway does not start with them.</summary>
public sealed class WorkflowCatalogException(IReadOnlyList<WorkflowFileProblem> problems) : Exception(Describe(problems))
{
    /// <summary>All problems of all files.</summary>
    public IReadOnlyList<WorkflowFileProblem> Problems { get; } = problems;

    /// <summary>The message alone, because a stack trace would only hide the file and line that it names.</summary>
    public override string ToString() => Message;

    private static string Describe(IReadOnlyList<WorkflowFileProblem> problems) =>
        $"{(problems.Count == 1 ? "1 problem" : $"{problems.Count} problems")} in workflow files."
        + string.Concat(problems.Select(problem => $"{Environment.NewLine}  {problem}"));
}
