using System.Globalization;
using Gateway.Contracts;
using Gateway.Doors.Http.OpenApi;
using Gateway.Doors.Http.Parameters;
using Gateway.Refusals;
using Gateway.Webhooks;
using Microsoft.AspNetCore.Mvc;

namespace Gateway.Doors.Http;

/// <summary>Looking after webhooks: how endpoints are, what was given up, sending it once more.</summary>
internal static class WebhookEndpoints
{
    private static readonly TextParameter Cursor = new("cursor", "The `next_cursor` of the page before; absent: the oldest.");
    private static readonly WholeNumberParameter Limit = new("limit", "At most so many dead letters.", 1, 500, 50);

    public static void MapWebhooks(this IEndpointRouteBuilder api)
    {
        var webhooks = api.MapGroup("/webhooks").WithTags("Webhooks").AddEndpointFilter<CommandLimitFilter>();

        webhooks.MapGet("/", ListAsync)
            .WithName("list_webhooks")
            .WithSummary("Lists the endpoints of webhooks, and how each of them is.")
            .WithDescription("They stand in the settings (`Gateway:Webhooks`); without any the list is empty.")
            .Answers<WebhookList>(StatusCodes.Status200OK, "All of them, by name.")
            .Refuses(ErrorCode.LimitExceeded, ErrorCode.StorageUnavailable);

        webhooks.MapGet("/{name}/dead-letters", ListDeadLettersAsync)
            .WithName("list_dead_letters")
            .WithSummary("Lists messages that an endpoint has not taken and that were given up, the oldest first.")
            .WithEndpointName()
            .WithQuery(Cursor, Limit)
            .Answers<WebhookDeadLetterPage>(StatusCodes.Status200OK, "A page; without `next_cursor` it is the last.")
            .Refuses(ErrorCode.InvalidData, ErrorCode.NotFound, ErrorCode.LimitExceeded, ErrorCode.StorageUnavailable);

        webhooks.MapPost("/{name}/redeliver", static (string name, [FromServices] WebhookService service, CancellationToken cancellationToken) => RedeliverAsync(name, null, service, cancellationToken))
            .WithName("redeliver_dead_letters")
            .WithSummary("Sends dead letters once more, the oldest first, up to 100 or to the first that is not taken.")
            .WithDescription("Each has the `webhook-id` it had before. What is taken is no dead letter any more.")
            .WithEndpointName()
            .Answers<WebhookRedelivery>(StatusCodes.Status200OK, "What came of it.")
            .Refuses(ErrorCode.NotFound, ErrorCode.LimitExceeded, ErrorCode.StorageUnavailable);

        webhooks.MapPost("/{name}/dead-letters/{id}/redeliver", RedeliverAsync)
            .WithName("redeliver_dead_letter")
            .WithSummary("Sends one dead letter once more.")
            .WithEndpointName()
            .WithPathParameter("id", "The message's `webhook-id`.", "msg_4f1c0b2a9d8e7f6a5b4c3d2e1f0a9b8c")
            .Answers<WebhookRedelivery>(StatusCodes.Status200OK, "What came of it.")
            .Refuses(ErrorCode.NotFound, ErrorCode.LimitExceeded, ErrorCode.StorageUnavailable);

        webhooks.MapPost("/{name}/enable", EnableAsync)
            .WithName("enable_webhook")
            .WithSummary("Lets an endpoint go on that was halted because it has answered 410.")
            .WithDescription("It is told what it has missed. One that is not halted stays as it is.")
            .WithEndpointName()
            .Answers<WebhookInfo>(StatusCodes.Status200OK, "The endpoint, active.")
            .Refuses(ErrorCode.NotFound, ErrorCode.LimitExceeded, ErrorCode.StorageUnavailable);
    }

    private static RouteHandlerBuilder WithEndpointName(this RouteHandlerBuilder endpoint) => endpoint.WithPathParameter("name", "The endpoint's name in the settings.", "crm", $"^{IdForm.Pattern}$");

    private static async Task<IResult> ListAsync([FromServices] WebhookService service, CancellationToken cancellationToken) =>
        TypedResults.Json(await service.ListAsync(cancellationToken), HttpJson.Wire.WebhookList);

    private static async Task<IResult> ListDeadLettersAsync(string name, HttpContext context, [FromServices] WebhookService service, CancellationToken cancellationToken)
    {
        var limit = (int)Limit.Read(context.Request);
        var letters = await service.ListDeadLettersAsync(name, ReadCursor(Cursor.Read(context.Request)), limit + 1, cancellationToken);
        var page = letters.Take(limit).ToList();
        return TypedResults.Json(
            new WebhookDeadLetterPage
            {
                DeadLetters = page.ConvertAll(WebhookDeadLetter.Of),
                NextCursor = letters.Count > limit ? page[^1].Number.ToString(CultureInfo.InvariantCulture) : null,
            },
            HttpJson.Wire.WebhookDeadLetterPage);
    }

    private static async Task<IResult> RedeliverAsync(string name, string? id, [FromServices] WebhookService service, CancellationToken cancellationToken) =>
        TypedResults.Json(await service.RedeliverAsync(name, id, cancellationToken), HttpJson.Wire.WebhookRedelivery);

    private static async Task<IResult> EnableAsync(string name, [FromServices] WebhookService service, CancellationToken cancellationToken) =>
        TypedResults.Json(await service.EnableAsync(name, cancellationToken), HttpJson.Wire.WebhookInfo);

    private static long ReadCursor(string? cursor)
    {
        if (cursor is null) return 0;
        return long.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw new GatewayException(ErrorCode.InvalidData, "'cursor' must be the 'next_cursor' of an earlier page.");
    }
}
