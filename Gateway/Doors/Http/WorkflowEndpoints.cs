using Gateway.Admission;
using Gateway.Commands;
using Gateway.Contracts;
using Gateway.Doors.Http.OpenApi;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gateway.Doors.Http;

/// <summary>What can be started, and what is wrong with what cannot.</summary>
internal static class WorkflowEndpoints
{
    private const string Diagram = "application/vnd.mermaid";

    private const string Example = """{"id":"hello","agents":{"helper":{"instructions":"Answer briefly."}},"nodes":{"start":{"type":"start","next":"answer"},"answer":{"type":"agent","agent":"helper","next":"end"},"end":{"type":"end"}}}""";

    public static void MapWorkflows(this IEndpointRouteBuilder api)
    {
        var workflows = api.MapGroup("/workflows").WithTags("Workflows").AddEndpointFilter<CommandLimitFilter>();

        workflows.MapGet("/", List)
            .WithName("list_workflows")
            .WithSummary("Lists the workflows that can be started by id.")
            .Answers<WorkflowList>(StatusCodes.Status200OK, "All workflows, with their definitions.");

        workflows.MapGet("/{id}", Get)
            .WithName("get_workflow")
            .WithSummary("Reads one workflow: its agents and the graph of its nodes.")
            .WithPathParameter("id", "The workflow's id.", "council-debate")
            .Answers<WorkflowDefinition>(StatusCodes.Status200OK, "The workflow's definition.")
            .Refuses(ErrorCode.UnknownWorkflow);

        workflows.MapGet("/{id}/diagram", Draw)
            .WithName("draw_workflow")
            .WithSummary("Draws one workflow as a Mermaid flowchart.")
            .WithPathParameter("id", "The workflow's id.", "council-debate")
            .AnswersText(Diagram, "The flowchart, for everything that shows Mermaid.", "flowchart TD\n  n0([\"start\"])\n  n1([\"end\"])\n  n0 --> n1\n")
            .Refuses(ErrorCode.UnknownWorkflow);

        workflows.MapPost("/validate", ValidateAsync)
            .WithName("validate_workflow")
            .WithSummary("Finds everything that keeps a definition from running.")
            .WithDescription("The body is a definition as a file holds it, YAML or JSON. Nothing is kept. Each problem has its path, its line and column, and a hint.")
            .Accepts<WorkflowDefinition>(WorkflowText.Json, [WorkflowText.Yaml, .. WorkflowText.OlderNames])
            .WithBodyExample(Example)
            .Answers<WorkflowReport>(StatusCodes.Status200OK, "Whether it can run, and all problems.")
            .Refuses(ErrorCode.MessageTooLarge, ErrorCode.UnsupportedMediaType, ErrorCode.LimitExceeded);

        workflows.MapPost("/estimate", EstimateAsync)
            .WithName("estimate_workflow")
            .WithSummary("Estimates tokens, cost and time of a session, node by node, without starting it.")
            .WithDescription("The body is that of `start_session`. The workflow is run in thought: the built-in model speaks in place of the configured ones, whose prices count, and every prompt is approved, or answered with yes. Nothing is logged and nobody is called.")
            .Accepts<StartSession>(WorkflowText.Json)
            .WithBodyExample("""{"workflow_id":"council-debate","subject":"Should cities ban private cars?"}""")
            .Answers<WorkflowEstimate>(StatusCodes.Status200OK, "What a session would consume.")
            .Refuses(ErrorCode.InvalidData, ErrorCode.UnknownWorkflow, ErrorCode.MessageTooLarge, ErrorCode.UnsupportedMediaType, ErrorCode.InvalidWorkflow, ErrorCode.ModelNotConfigured, ErrorCode.LimitExceeded);
    }

    private static async Task<IResult> EstimateAsync(HttpContext context, WorkflowCommands commands, CommandText text, LargeMessages large, CancellationToken cancellationToken)
    {
        StartSession start;
        using (var read = await JsonBody.ReadAsync(context.Request, CommandTable.StartSession, text, large, cancellationToken)) start = (StartSession)read.Data;
        return TypedResults.Json(await commands.EstimateAsync(RequestCaller.Of(context), start, cancellationToken), HttpJson.Wire.WorkflowEstimate);
    }

    private static JsonHttpResult<WorkflowList> List(HttpContext context, WorkflowCommands commands) =>
        TypedResults.Json(new WorkflowList { Workflows = commands.List(RequestCaller.Of(context)) }, HttpJson.Wire.WorkflowList);

    private static JsonHttpResult<WorkflowDefinition> Get(string id, HttpContext context, WorkflowCommands commands) =>
        TypedResults.Json(commands.Get(RequestCaller.Of(context), id), ContractsJson.Wire.WorkflowDefinition);

    private static ContentHttpResult Draw(string id, HttpContext context, WorkflowCommands commands) =>
        TypedResults.Text(commands.Draw(RequestCaller.Of(context), id), Diagram);

    private static async Task<IResult> ValidateAsync(HttpContext context, WorkflowCommands commands, LargeMessages large, CancellationToken cancellationToken)
    {
        var caller = RequestCaller.Of(context);
        using var report = await WorkflowText.ReadAsync(context.Request, (text, isYaml) => commands.Validate(caller, text, isYaml), large, cancellationToken);
        return TypedResults.Json(report.Data, HttpJson.Wire.WorkflowReport);
    }
}
