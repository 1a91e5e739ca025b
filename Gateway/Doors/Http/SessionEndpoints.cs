using Gateway.Commands;
using Gateway.Contracts;
using Gateway.Doors.Http.OpenApi;
using Gateway.Log;
using Gateway.Refusals;
using Gateway.Workflows;

namespace Gateway.Doors.Http;

/// <summary>Starting, finding, steering and deleting sessions.</summary>
internal static class SessionEndpoints
{
    private static readonly TextParameter Status = new(
        "status",
        "Only sessions with this status; absent: all.",
        SessionStatus.Running, SessionStatus.Paused, SessionStatus.Completed, SessionStatus.Failed, SessionStatus.Cancelled);

    private static readonly TextParameter Cursor = new("cursor", "The `next_cursor` of the page before; absent: the newest sessions.");
    private static readonly WholeNumberParameter Limit = new("limit", "At most so many sessions.", 1, 500, 50);

    public static void MapSessions(this IEndpointRouteBuilder api)
    {
        var sessions = api.MapGroup("/sessions").WithTags("Sessions");

        sessions.MapPost("/", StartAsync)
            .WithName("start_session")
            .WithSummary("Starts a session of a workflow.")
            .WithDescription("Name a workflow with `workflow_id`, or send a whole definition as `workflow`. With a `session_id` of your own the start can be repeated safely: the same content again is a no-op, other content is refused. The answer is 201 in both cases.")
            .Accepts<StartSession>("application/json")
            .WithBodyExample("""{"workflow_id":"council-debate","subject":"Should cities ban private cars?"}""")
            .Answers<SessionAck>(StatusCodes.Status201Created, "Accepted and logged; `Location` is the session's address.")
            .Refuses(ErrorCode.InvalidData, ErrorCode.InvalidSessionId, ErrorCode.UnknownWorkflow, ErrorCode.SessionExists, ErrorCode.MessageTooLarge, ErrorCode.UnsupportedMediaType, ErrorCode.InvalidWorkflow, ErrorCode.ModelNotConfigured, ErrorCode.LimitExceeded, ErrorCode.StorageUnavailable, ErrorCode.ShuttingDown);

        sessions.MapGet("/", ListAsync)
            .WithName("list_sessions")
            .WithSummary("Lists sessions, newest first, a page at a time.")
            .WithQuery(Status, Cursor, Limit)
            .Answers<SessionPage>(StatusCodes.Status200OK, "A page; without `next_cursor` it is the last.")
            .Refuses(ErrorCode.InvalidData, ErrorCode.StorageUnavailable);

        sessions.MapGet("/{id}", GetAsync)
            .WithName("get_session")
            .WithSummary("Reads a session's state: status, text so far per node, open prompts, totals.")
            .WithDescription("A snapshot at `last_seq`. Follow it with the events after that seq and nothing is missing or doubled.")
            .WithSessionId()
            .Answers<SessionSnapshot>(StatusCodes.Status200OK, "The session's state at `last_seq`.")
            .Refuses(ErrorCode.InvalidSessionId, ErrorCode.UnknownSession, ErrorCode.StorageUnavailable);

        sessions.MapDelete("/{id}", DeleteAsync)
            .WithName("delete_session")
            .WithSummary("Deletes a finished session with all its events.")
            .WithSessionId()
            .AnswersNothing("Deleted.")
            .Refuses(ErrorCode.InvalidSessionId, ErrorCode.UnknownSession, ErrorCode.SessionRunning, ErrorCode.StorageUnavailable);

        sessions.MapPost("/{id}/pause", (string id, SessionCommands commands, CancellationToken cancellationToken) => AckAsync(commands.PauseAsync(id, cancellationToken)))
            .WithName("pause_session")
            .WithSummary("Pauses a session at once, in mid-sentence if need be; a no-op when it is paused.")
            .Steers();

        sessions.MapPost("/{id}/resume", (string id, SessionCommands commands, CancellationToken cancellationToken) => AckAsync(commands.ResumeAsync(id, cancellationToken)))
            .WithName("resume_session")
            .WithSummary("Resumes a session with the very next token; a no-op when it is not paused.")
            .Steers();

        sessions.MapPost("/{id}/cancel", (string id, SessionCommands commands, CancellationToken cancellationToken) => AckAsync(commands.CancelAsync(id, cancellationToken)))
            .WithName("cancel_session")
            .WithSummary("Ends a session as cancelled; a no-op when it was cancelled before.")
            .Steers();

        sessions.MapPost("/{id}/input", InputAsync)
            .WithName("user_input")
            .WithSummary("Says something to a session: answers an open prompt, or joins the conversation.")
            .WithDescription("The first answer to a prompt wins. Without `prompt_id` or `node_id` it answers the prompt that waits longest, if any.")
            .Accepts<UserInput>("application/json")
            .WithBodyExample("""{"content":"Consider the suburbs too."}""")
            .Steers()
            .Refuses(ErrorCode.InvalidData, ErrorCode.UnknownPrompt, ErrorCode.PromptAnswered, ErrorCode.MessageTooLarge, ErrorCode.UnsupportedMediaType);
    }

    private static RouteHandlerBuilder Steers(this RouteHandlerBuilder endpoint) => endpoint
        .WithSessionId()
        .Answers<SessionAck>(StatusCodes.Status200OK, "Done, or nothing was left to do; the effect is in the session's log.")
        .Refuses(ErrorCode.InvalidSessionId, ErrorCode.UnknownSession, ErrorCode.SessionFinished, ErrorCode.StorageUnavailable, ErrorCode.ShuttingDown);

    private static async Task<IResult> StartAsync(HttpContext context, SessionCommands commands, InlineWorkflow definitions, CancellationToken cancellationToken)
    {
        var command = await JsonBody.ReadAsync(context.Request, ContractsJson.Wire.StartSession, cancellationToken, definitions.CheckIn);
        var ack = await commands.StartAsync(command, cancellationToken);
        context.Response.Headers.Location = $"{context.Request.PathBase}{HttpApi.Root}/sessions/{ack.SessionId}";
        return TypedResults.Json(ack, ContractsJson.Wire.SessionAck, statusCode: StatusCodes.Status201Created);
    }

    private static async Task<IResult> ListAsync(HttpContext context, ISessionLog log, CancellationToken cancellationToken)
    {
        var query = new SessionQuery(Status.Read(context.Request), Cursor.Read(context.Request), (int)Limit.Read(context.Request));
        try
        {
            return TypedResults.Json(await log.ListAsync(query, cancellationToken), ContractsJson.Wire.SessionPage);
        }
        catch (Exception exception) when (query.Cursor is not null && exception is FormatException or OverflowException)
        {
            // Only the log can tell whether a cursor is one of its own.
            throw new GatewayException(ErrorCode.InvalidData, "'cursor' must be the 'next_cursor' of an earlier page.");
        }
    }

    private static async Task<IResult> GetAsync(string id, SessionCommands commands, CancellationToken cancellationToken) =>
        TypedResults.Json(await commands.GetAsync(id, cancellationToken), ContractsJson.Wire.SessionSnapshot);

    private static async Task<IResult> DeleteAsync(string id, ISessionLog log, IDeletionListener deletions, CancellationToken cancellationToken)
    {
        var entry = await log.RequireAsync(id, cancellationToken);
        if (!SessionStatus.IsFinal(entry.Status))
        {
            throw new GatewayException(ErrorCode.SessionRunning, $"Session '{id}' has not ended; cancel it before deleting it.");
        }

        if (!await log.DeleteAsync(id, cancellationToken)) throw SessionLookup.Unknown(id);
        deletions.OnDeleted([id]);
        return TypedResults.NoContent();
    }

    private static async Task<IResult> InputAsync(string id, HttpContext context, SessionCommands commands, CancellationToken cancellationToken)
    {
        var command = await JsonBody.ReadAsync(context.Request, ContractsJson.Wire.UserInput, cancellationToken);
        if (command.SessionId is { } other && other != id)
        {
            throw new GatewayException(ErrorCode.InvalidData, "'session_id' differs from the session in the address; leave it out.");
        }

        return await AckAsync(commands.UserInputAsync(id, command, cancellationToken));
    }

    private static async Task<IResult> AckAsync(Task<SessionAck> ack) => TypedResults.Json(await ack, ContractsJson.Wire.SessionAck);
}
