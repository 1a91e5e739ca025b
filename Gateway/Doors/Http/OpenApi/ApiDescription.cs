using Gateway.Contracts;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Gateway.Doors.Http.OpenApi;

/// <summary>The OpenAPI document of the API.</summary>
internal static class ApiDescription
{
    /// <summary>The document's name among those of the host; its address says <c>v1</c>.</summary>
    public const string Document = "gateway";

    public static void Configure(OpenApiOptions options)
    {
        // The document describes this API only; PROTOCOL.md describes probes, the hub and the page.
        // That HEAD goes where GET does need not be said of each address.
        options.ShouldInclude = description => description.GroupName == Document && description.HttpMethod != HttpMethods.Head;
        options.AddOperationTransformer<OperationDescription>();
        options.AddSchemaTransformer((schema, context, _) =>
        {
            // The schema generator does not know that this converter also reads, and writes, one string without a list.
            if (context.JsonPropertyInfo?.CustomConverter is StringOrListConverter) schema.Type |= JsonSchemaType.String;
            return Task.CompletedTask;
        });
        options.AddDocumentTransformer((document, _, _) =>
        {
            // Where the document came from; a proxy in front may have put a path before it, which the page to try it adds.
            document.Servers = [new OpenApiServer { Url = "/" }];
            document.Info = new OpenApiInfo
            {
                Title = "Gateway",
                Version = "v1",
                Description =
                    """
                    Runs workflows of LLM agents as sessions that browsers and programs watch and steer live.

                    Start one with `POST /api/v1/sessions`, then follow its events here as Server-Sent Events, over the WebSocket `/ws?session_id=...`, or over the SignalR hub `/hub`: all three carry the same events with the same `seq`, so a reader may change from one to another.
                    A refusal is RFC 9457 problem details with a stable `code` for programs and a `detail` for people.
                    """,
            };
            return Task.CompletedTask;
        });
    }
}
