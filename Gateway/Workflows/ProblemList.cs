namespace Gateway.Workflows;

/// <summary>Collects problems in the order they are found; keeps the first hundred and counts the rest.</summary>
/// <remarks>The problems of a hostile definition can be many times its size; the limit keeps the answer to it small.</remarks>
internal sealed class ProblemList
{
    /// <summary>How many problems are kept.</summary>
    public const int Limit = 100;

    // A guess compares a name with all that are known, and whoever reads the first few knows what is wrong with the others.
    private const int MaxGuesses = 10;

    private readonly List<WorkflowProblem> _problems = [];
    private int _guesses;
    private int _more;

    /// <summary>How many there are, those that were left out included.</summary>
    public int Count => _problems.Count + _more;

    /// <summary>Whether further problems are only counted.</summary>
    public bool IsFull => _problems.Count == Limit;

    /// <summary>Adds a problem.</summary>
    public void Add(string path, string message)
    {
        if (IsFull) _more++;
        else _problems.Add(new WorkflowProblem(path, message));
    }

    /// <summary>Adds a problem with a name that is not known, and, for the first few, the name that was probably meant.</summary>
    /// <returns>The name that was probably meant, or null.</returns>
    public string? AddUnknown(string path, string message, string name, IEnumerable<string> known)
    {
        var nearest = IsFull || ++_guesses > MaxGuesses ? null : Naming.Nearest(name, known);
        Add(path, nearest is null ? message + "." : $"{message}; did you mean '{nearest}'?");
        return nearest;
    }

    /// <summary>The problems, and how many were left out.</summary>
    public IReadOnlyList<WorkflowProblem> ToList() =>
        _more == 0 ? [.. _problems] : [.. _problems, new WorkflowProblem(string.Empty, $"... and {_more} more problems.")];
}
