namespace Gateway.Workflows;

/// <summary>Something wrong in a workflow file.</summary>
/// <param name="File">The file.</param>
/// <param name="Line">Its line, from 1; 0 when it concerns the whole file.</param>
/// <param name="Column">The column in that line, from 1; 0 when it concerns the whole file.</param>
/// <param name="Path">Where in the definition, such as <c>nodes.debate.next[1]</c>; empty when it concerns all of it.</param>
/// <param name="Message">What, and the way out, as a sentence.</param>
public sealed record WorkflowFileProblem(string File, long Line, long Column, string Path, string Message)
{
    /// <summary>One line: <c>file(line,column): path: message</c>, as compilers write it.</summary>
    public override string ToString() =>
        (Line == 0 ? $"{File}: " : $"{File}({Line},{Column}): ") + (Path.Length == 0 ? Message : $"{Path}: {Message}");
}
