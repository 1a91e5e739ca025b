using Gateway.Workflows;

namespace Gateway.Doors.Http;

/// <summary>The JSON Schema of workflow files, for editors.</summary>
internal static class SchemaEndpoint
{
    /// <summary>Where it is.</summary>
    public const string Path = "/schemas/workflow.json";

    /// <summary>Maps it.</summary>
    public static IEndpointConventionBuilder MapWorkflowSchema(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapGet(Path, (WorkflowSchema schema) => TypedResults.Bytes(schema.Json, "application/schema+json")).ExcludeFromDescription();
}
