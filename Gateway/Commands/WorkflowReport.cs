namespace Gateway.Commands;

/// <summary>Whether a definition can run, and everything that keeps it from running.</summary>
internal sealed record WorkflowReport
{
    /// <summary>Whether it can run: there is no problem.</summary>
    public required bool Valid { get; init; }

    /// <summary>All problems, in the order in which they are found; beyond a hundred the last one counts the rest.</summary>
    public required IReadOnlyList<ReportedProblem> Problems { get; init; }
}
