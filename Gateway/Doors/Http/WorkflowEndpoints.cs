using Gateway.Contracts;
using Gateway.Doors.Http.OpenApi;
using Gateway.Refusals;
using Gateway.Workflows;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gateway.Doors.Http;

/// <summary>What can be started.</summary>
internal static class WorkflowEndpoints
{
    public static void MapWorkflows(this IEndpointRouteBuilder api)
    {
        var workflows = api.MapGroup("/workflows").WithTags("Workflows");

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
    }

    private static JsonHttpResult<WorkflowList> List(IWorkflowCatalog catalog) =>
        TypedResults.Json(new WorkflowList { Workflows = catalog.List() }, HttpJson.Wire.WorkflowList);

    private static JsonHttpResult<WorkflowDefinition> Get(string id, IWorkflowCatalog catalog)
    {
        var workflow = catalog.Find(id)
            ?? throw new GatewayException(ErrorCode.UnknownWorkflow, $"There is no workflow '{id}'; GET {GatewayPath.Api}/workflows lists them.");
        return TypedResults.Json(workflow, ContractsJson.Wire.WorkflowDefinition);
    }
}
