using Gateway.Admission;
using Gateway.Commands;
using Gateway.Contracts;
using Gateway.Doors.Http.OpenApi;
using Gateway.Doors.Http.Parameters;
using Gateway.Log;
using Gateway.Refusals;

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
        var sessions = api.MapGroup("/sessions").WithTags("Sessions").AddEndpointFilter<CommandLimitFilter>();

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
            .Refuses(ErrorCode.InvalidSessionId, ErrorCode.UnknownSession, ErrorCode.LimitExceeded, ErrorCode.StorageUnavailable);

        sessions.MapDelete("/{id}", DeleteAsync)
            .WithName("delete_session")
            .WithSummary("Deletes a finished session with all its events.")
            .WithSessionId()
            .AnswersNothing("Deleted.")
            .Refuses(ErrorCode.InvalidSessionId, ErrorCode.UnknownSession, ErrorCode.SessionRunning, ErrorCode.LimitExceeded, ErrorCode.StorageUnavailable);

        sessions.MapFork("fork", "fork_session", "Starts a session that shares the history of this one up to an event, and goes on differently.", "Finished nodes stay finished and are shown as they were; what was under way at `after_seq` begins again as a new attempt, and what was asked is asked again. Absent, `after_seq` is the last event before the end. With a `session_id` of your own it can be repeated safely. `edits` changes agents and nodes that have not finished; `input` what they work on.", """{"after_seq":17,"edits":{"agents":{"judge":{"instructions":"Be strict."}}}}""", static (forks, caller, id, fork, token) => forks.ForkAsync(caller, id, fork, token), ErrorCode.SeqOutOfRange);
        sessions.MapFork("retry", "retry_session", "Tries a failed session again: a fork of it, in which what failed runs again.", "The new session shares the history up to the failure. Everything but `after_seq` is as for a fork.", """{"session_id":"second-try"}""", static (forks, caller, id, fork, token) => forks.RetryAsync(caller, id, fork, token), ErrorCode.SessionNotFailed);

        foreach (var command in CommandTable.All)
        {
            if (command.Action is { } action) sessions.MapSteering(command, action);
        }
    }

    private static void MapFork(this IEndpointRouteBuilder sessions, string path, string name, string summary, string description, string example, Func<ForkCommands, Caller, string, ForkSession, CancellationToken, Task<SessionAck>> start, string refusal)
    {
        sessions.MapPost($"/{{id}}/{path}", StartAsync)
            .WithName(name)
            .WithSummary(summary)
            .WithDescription(description)
            .WithSessionId()
            .Accepts<ForkSession>("application/json")
            .WithBodyExample(example)
            .Answers<SessionAck>(StatusCodes.Status201Created, "The new session, accepted and logged; `Location` is its address.")
            .Refuses(ErrorCode.InvalidData, ErrorCode.InvalidSessionId, ErrorCode.UnknownSession, refusal, ErrorCode.SessionExists, ErrorCode.MessageTooLarge, ErrorCode.UnsupportedMediaType, ErrorCode.InvalidWorkflow, ErrorCode.ModelNotConfigured, ErrorCode.LimitExceeded, ErrorCode.StorageUnavailable, ErrorCode.ShuttingDown);

        async Task<IResult> StartAsync(string id, HttpContext context, ForkCommands forks, LargeMessages large, CancellationToken cancellationToken)
        {
            using var read = await JsonBody.ReadAsync(context.Request, ContractsJson.Wire.ForkSession, large, cancellationToken);
            var ack = await start(forks, RequestCaller.Of(context), id, read.Data, cancellationToken);
            context.Response.Headers.Location = $"../{ack.SessionId}";
            return TypedResults.Json(ack, ContractsJson.Wire.SessionAck, statusCode: StatusCodes.Status201Created);
        }
    }

    private static void MapSteering(this IEndpointRouteBuilder sessions, CommandInfo command, SessionAction action)
    {
        var endpoint = sessions.MapPost($"/{{id}}/{action.Path}", SteerAsync)
            .WithName(command.Name)
            .WithSummary(action.Summary)
            .WithSessionId()
            .Answers<SessionAck>(StatusCodes.Status200OK, "Done, or nothing was left to do; the effect is in the session's log.")
            .Refuses(ErrorCode.InvalidSessionId, ErrorCode.UnknownSession, ErrorCode.SessionFinished, ErrorCode.LimitExceeded, ErrorCode.StorageUnavailable, ErrorCode.ShuttingDown)
            .Refuses([.. action.Refusals]);
        if (action.Description is { } description) endpoint.WithDescription(description);
        if (action.BodyExample is not { } example) return;

        endpoint.Accepts(command.Data!.Type, "application/json")
            .WithBodyExample(example)
            .Refuses(ErrorCode.InvalidData, ErrorCode.MessageTooLarge, ErrorCode.UnsupportedMediaType);

        async Task<IResult> SteerAsync(string id, HttpContext context, SessionCommands commands, CommandText text, LargeMessages large, CancellationToken cancellationToken)
        {
            using var read = action.BodyExample is null ? new ReadBody<object>(text.Read(command, "{}"u8), null) : await JsonBody.ReadAsync(context.Request, command, text, large, cancellationToken);
            var asked = (ISessionCommand)read.Data;
            if (asked.SessionId is { } other && other != id)
            {
                throw new GatewayException(ErrorCode.InvalidData, "'session_id' differs from the session in the address; leave it out.");
            }

            return TypedResults.Json(await commands.SteerAsync(RequestCaller.Of(context), id, asked, cancellationToken), ContractsJson.Wire.SessionAck);
        }
    }

    private static async Task<IResult> StartAsync(HttpContext context, SessionCommands commands, CommandText text, LargeMessages large, CancellationToken cancellationToken)
    {
        using var read = await JsonBody.ReadAsync(context.Request, CommandTable.StartSession, text, large, cancellationToken);
        var ack = await commands.StartAsync(RequestCaller.Of(context), (StartSession)read.Data, cancellationToken);

        // Relative to the address that was asked for, which a proxy in front may know by another scheme, host or path.
        context.Response.Headers.Location = context.Request.Path.Value!.EndsWith('/') ? ack.SessionId : $"sessions/{ack.SessionId}";
        return TypedResults.Json(ack, ContractsJson.Wire.SessionAck, statusCode: StatusCodes.Status201Created);
    }

    private static async Task<IResult> ListAsync(HttpContext context, SessionCommands commands, CancellationToken cancellationToken)
    {
        var query = new SessionQuery(Status.Read(context.Request), Cursor.Read(context.Request), (int)Limit.Read(context.Request));
        return TypedResults.Json(await commands.ListAsync(RequestCaller.Of(context), query, cancellationToken), ContractsJson.Wire.SessionPage);
    }

    private static async Task<IResult> GetAsync(string id, HttpContext context, SessionCommands commands, SnapshotTexts texts, CancellationToken cancellationToken)
    {
        var snapshot = await commands.GetAsync(RequestCaller.Of(context), id, cancellationToken);
        if (!SharedAnswers.IsLarge(snapshot)) return TypedResults.Json(snapshot, ContractsJson.Wire.SessionSnapshot);
        await texts.WriteAsync(context, snapshot, cancellationToken);
        return TypedResults.Empty;
    }

    private static async Task<IResult> DeleteAsync(string id, HttpContext context, SessionCommands commands, CancellationToken cancellationToken)
    {
        await commands.DeleteAsync(RequestCaller.Of(context), id, cancellationToken);
        return TypedResults.NoContent();
    }
}
