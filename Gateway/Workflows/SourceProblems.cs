namespace Gateway.Workflows;

/// <summary>What is wrong with the text of a definition, in the order in which it is found.</summary>
/// <remarks>At most a hundred: nobody reads more, and a hostile text can have one for every few bytes.</remarks>
internal sealed class SourceProblems(string file)
{
    private const int Limit = 100;

    private readonly List<WorkflowFileProblem> _all = [];

    /// <summary>What was found.</summary>
    public IReadOnlyList<WorkflowFileProblem> All => _all;

    /// <summary>Adds a problem.</summary>
    /// <exception cref="SourceException">There are so many that the reading ends here.</exception>
    public void Report(Position at, string where, string message)
    {
        if (_all.Count == Limit) throw new SourceException(at, $"There are more problems from here on; mend those {Limit} first.");
        _all.Add(new WorkflowFileProblem(file, at.Line, at.Column, where, message));
    }

    /// <summary>Adds the problem that the reading ends with.</summary>
    public void Add(SourceException exception) => _all.Add(new WorkflowFileProblem(file, exception.At.Line, exception.At.Column, string.Empty, exception.Message));
}
