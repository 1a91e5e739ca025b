using System.Text.Json;
using Gateway.Admission;
using Gateway.Contracts;
using Gateway.Engine;
using Gateway.Log;
using Gateway.Refusals;
using Gateway.Workflows;

namespace Gateway.Commands;

/// <summary>What anybody may ask of workflows; today everybody may ask everything.</summary>
internal sealed class WorkflowCommands(IWorkflowCatalog workflows, NodeShapes shapes, DefinitionCheck check, ProblemHints hints, StartResolver starts, DryRun dryRun, TimeProvider time)
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
        if (problems.Count == 0 && file.Workflow is { } workflow)
        {
            problems = [.. ChildWorkflows.PutIn(workflow, shapes, workflows.List().Select(known => known.Id!), workflows.Find, workflow.Id).Problems.Select(file.Locate)];
        }

        return new WorkflowReport { Valid = problems.Count == 0, Problems = [.. problems.Select(problem => Report(problem, file.Workflow))] };
    }

    /// <summary>What a session would consume that were started like this, from a run in thought.</summary>
    /// <exception cref="GatewayException">As for such a start.</exception>
    public async Task<WorkflowEstimate> EstimateAsync(Caller caller, StartSession command, CancellationToken cancellationToken)
    {
        StartResolver.RequireOneOfEach(command);
        var input = SessionInput.ToText(command.Input, command.Subject);
        var workflow = starts.Resolve(command);
        var result = await dryRun.RunAsync(
            new SessionHeader
            {
                SessionId = SessionId.Create(time),
                WorkflowId = workflow.Id ?? "inline",
                Workflow = workflow,
                Input = input,
                InputMembers = command.Input is { ValueKind: JsonValueKind.Object } members ? members : null,
                Fingerprint = string.Empty,
                CreatedAt = time.GetUtcNow().UtcDateTime,
            },
            cancellationToken);
        return Estimate(workflow.Id ?? "inline", result);
    }

    private static WorkflowEstimate Estimate(string workflowId, DryRunResult result) => new()
    {
        WorkflowId = workflowId,
        Status = result.Status,
        Totals = new Totals
        {
            InputTokens = result.Nodes.Values.Sum(node => node.InputTokens),
            OutputTokens = result.Nodes.Values.Sum(node => node.OutputTokens),
            EstimatedCostUsd = result.Nodes.Values.Sum(node => node.CostUsd),
            CostKnown = result.Nodes.Values.All(node => node.CostKnown) ? null : false,
        },
        Seconds = Math.Round(result.Seconds, 1),
        Prompts = result.Answers,
        Error = result.Error,
        Nodes = result.Nodes.ToDictionary(node => node.Key, node => new NodeEstimate
        {
            Agent = node.Value.Agent,
            Calls = node.Value.Calls,
            InputTokens = node.Value.InputTokens,
            OutputTokens = node.Value.OutputTokens,
            EstimatedCostUsd = node.Value.CostUsd,
            CostKnown = node.Value.CostKnown ? null : false,
            Seconds = Math.Round(node.Value.Seconds, 1),
        }),
        Basis = new EstimateBasis { Speaker = "scripted", TokensPerSecond = DryRun.TokensPerSecond, FirstTokenSeconds = DryRun.FirstToken },
    };

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
