using Gateway.Admission;
using Gateway.Contracts;
using Gateway.Refusals;
using Gateway.Workflows;

namespace Gateway.Commands;

/// <summary>What anybody may ask of workflows; today everybody may ask everything.</summary>
internal sealed class WorkflowCommands(IWorkflowCatalog workflows, NodeShapes shapes, DefinitionCheck check, ProblemHints hints)
{
    // A text without a name of its own has the id of its file, which there is none of here.
    private const string JsonName = "workflow.json";
    private const string YamlName = "workflow.yaml";

    /// <summary>All workflows, by id.</summary>
    public IReadOnlyList<WorkflowDefinition> List(Caller caller) => workflows.List();

    /// <summary>One workflow.</summary>
    /// <exception cref="GatewayException"><c>unknown_workflow</c>.</exception>
    public WorkflowDefinition Get(Caller caller, string id) =>
        workflows.Find(id) ?? throw new GatewayException(ErrorCode.UnknownWorkflow, $"There is no workflow '{id}'; GET {GatewayPath.Api}/workflows lists them.");

    /// <summary>A workflow as a Mermaid flowchart.</summary>
    /// <exception cref="GatewayException"><c>unknown_workflow</c>.</exception>
    public string Draw(Caller caller, string id) => WorkflowDiagram.Draw(Get(caller, id), shapes);

    /// <summary>Finds everything that is wrong with the text of a definition.</summary>
    /// <param name="caller">Who asks.</param>
    /// <param name="text">The text, as a file would hold it.</param>
    /// <param name="isYaml">Whether it is YAML; else it is JSON.</param>
    public WorkflowReport Validate(Caller caller, ReadOnlySpan<byte> text, bool isYaml)
    {
        var file = WorkflowFileReader.Parse(isYaml ? YamlName : JsonName, text);
        var problems = check.Check(file);
        return new WorkflowReport { Valid = problems.Count == 0, Problems = [.. problems.Select(problem => Report(problem, file.Workflow))] };
    }

    private ReportedProblem Report(WorkflowFileProblem problem, WorkflowDefinition? workflow)
    {
        var (message, hint) = hints.Of(problem, workflow);
        return new ReportedProblem
        {
            Path = problem.Path,
            Line = problem.Line == 0 ? null : problem.Line,
            Column = problem.Line == 0 ? null : problem.Column,
            Message = message,
            Hint = hint,
        };
    }
}
