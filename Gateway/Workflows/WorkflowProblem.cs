namespace Gateway.Workflows;

/// <summary>Something wrong in a workflow definition.</summary>
/// <param name="Path">Where, such as <c>nodes.debate.next[1]</c>.</param>
/// <param name="Message">What, and the way out, as a sentence.</param>
internal sealed record WorkflowProblem(string Path, string Message);
