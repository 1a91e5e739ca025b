using Gateway.Commands;
using Gateway.Contracts;
using Gateway.Doors.Http.OpenApi;
using Gateway.Doors.Http.Parameters;
using Microsoft.Net.Http.Headers;

namespace Gateway.Doors.Http;

/// <summary>What waits for a person over all sessions, as a JSON page or as a live stream.</summary>
internal static class PromptEndpoints
{
    private static readonly TextParameter Assignee = new("assignee", "Only prompts that this person may answer: those for them, and those for anybody.");
    private static readonly TextParameter WorkflowId = new("workflow_id", "Only prompts of sessions of this workflow.");
    private static readonly TimeParameter OlderThan = new("older_than", "Page only: prompts that have waited at least so long, such as `30m` or `7d`.");
    private static readonly TextParameter Cursor = new("cursor", "Page only: the `next_cursor` of the page before; absent: what waits longest.");
    private static readonly WholeNumberParameter Limit = new("limit", "Page only: at most so many prompts; a page may end earlier, at some 64 KiB.", 1, 500, 50);
    private static readonly TextParameter After = new("after", "Stream only: the `position` of the last frame received, or of a page; absent: all that waits comes first.");

    public static void MapPrompts(this IEndpointRouteBuilder api) => api.MapGet("/prompts", GetAsync)
        .WithTags("Prompts")
        .WithName("get_prompts")
        .WithSummary("Lists what waits for a person over all sessions, what waits longest first: a JSON page, or a live stream.")
        .WithDescription(
            """
            Answer a prompt with `POST /sessions/{session_id}/input` and its `prompt_id`: the first answer wins, a later one is refused with `prompt_answered`.
            With an `Accept` of `text/event-stream` the answer is a stream that does not end: `inbox:reset` and a `prompt:opened` for all that waits, then each change; with `after` or `Last-Event-ID` what has changed since. Each has its position as `id`.
            """)
        .WithQuery(Assignee, WorkflowId, OlderThan, Cursor, Limit, After)
        .WithHeaderParameter(SseHeaders.LastEventId, "Stream only: the position of the last frame received; goes before `after`.")
        .Answers<PromptPage>(StatusCodes.Status200OK, "A page, without `next_cursor` the last; or the stream.")
        .AnswersStreams([(InboxStream.MediaType, InboxStream.Example)])
        .Refuses(ErrorCode.InvalidData, ErrorCode.LimitExceeded, ErrorCode.ShuttingDown, ErrorCode.StorageUnavailable);

    private static async Task<IResult> GetAsync(HttpContext context, InboxCommands inbox, InboxStream stream, CancellationToken cancellationToken)
    {
        context.Response.Headers.Vary = HeaderNames.Accept;
        var request = context.Request;
        if (InboxStream.IsWanted(request))
        {
            var after = request.Headers[SseHeaders.LastEventId] is [{ Length: > 0 } last] ? last : After.Read(request);
            return await stream.AnswerAsync(context, new WatchInbox { Assignee = Assignee.Read(request), WorkflowId = WorkflowId.Read(request), After = after });
        }

        var query = new InboxQuery(Cursor.Read(request), (int)Limit.Read(request)) { Assignee = Assignee.Read(request), WorkflowId = WorkflowId.Read(request), OlderThan = OlderThan.Read(request) };
        return TypedResults.Json(await inbox.ListAsync(RequestCaller.Of(context), query, cancellationToken), ContractsJson.Wire.PromptPage);
    }
}
