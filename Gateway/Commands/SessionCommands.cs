using System.Runtime.InteropServices;
using System.Text.Json;
using Gateway.Admission;
using Gateway.Contracts;
using Gateway.Engine;
using Gateway.Log;
using Gateway.Refusals;

namespace Gateway.Commands;

/// <summary>The one room behind the doors: what anybody may ask of sessions is checked and done here.</summary>
/// <remarks>
/// Every method takes who is asking, so that who may do what is decided here and nowhere else; today everybody may do everything.
/// What only a connection can ask for, such as watching, is in <see cref="ConnectionCommands"/>.
/// </remarks>
internal sealed class SessionCommands(ISessionHost host, ISessionLog log, IEnumerable<IDeletionListener> listeners, DeletedSessions deleted, StartResolver starts, TimeProvider time)
{
    /// <summary>Starts a session; a no-op when the same start was accepted before.</summary>
    public async Task<SessionAck> StartAsync(Caller caller, StartSession command, CancellationToken cancellationToken)
    {
        StartResolver.RequireOneOfEach(command);
        if (command.SessionId is { } taken && deleted.Has(taken))
        {
            throw new GatewayException(ErrorCode.SessionExists, $"Session '{taken}' has been deleted, and its id is not given out again: a reader of it could take the new session for the old one. Choose another session_id.");
        }

        var input = SessionInput.ToText(command.Input, command.Subject);
        var fingerprint = StartResolver.Fingerprint(command, input);
        WorkflowDefinition workflow;
        try
        {
            workflow = starts.Resolve(command);
        }
        catch (GatewayException) when (command.SessionId is not null)
        {
            // The first start took its definition along: a repeated one is a no-op even when the file or the model has gone.
            if (await host.FindStartedAsync(SessionId.Require(command.SessionId), fingerprint, cancellationToken) is not { } lastSeq) throw;
            return new SessionAck { SessionId = command.SessionId, Seq = lastSeq };
        }

        var header = new SessionHeader
        {
            SessionId = command.SessionId is { } id ? SessionId.Require(id) : SessionId.Create(time),
            WorkflowId = workflow.Id ?? "inline",
            Workflow = workflow,
            Input = input,
            InputMembers = command.Input is { ValueKind: JsonValueKind.Object } members ? members : null,
            Fingerprint = fingerprint,
            CreatedAt = time.GetUtcNow().UtcDateTime,
        };

        return new SessionAck { SessionId = header.SessionId, Seq = await host.StartAsync(header, cancellationToken) };
    }

    /// <summary>Hands a command to a session.</summary>
    public async Task<SessionAck> SteerAsync(Caller caller, string sessionId, ISessionCommand command, CancellationToken cancellationToken)
    {
        SessionId.Require(sessionId);
        if (command is UserInput said) Check(said);

        // What a large one has taken is given back when it has been done, which nobody who leaves may bring forward.
        if (command is UserInput { Content.Length: > LargeMessages.Small } or UserInput { Data: not null }) cancellationToken = CancellationToken.None;
        return new SessionAck { SessionId = sessionId, Seq = await host.SendAsync(sessionId, command, caller.Name, cancellationToken) };
    }

    /// <summary>The folded state of a session.</summary>
    public Task<SessionSnapshot> GetAsync(Caller caller, string sessionId, CancellationToken cancellationToken) =>
        host.GetSnapshotAsync(SessionId.Require(sessionId), cancellationToken);

    /// <summary>A session as its log knows it.</summary>
    /// <exception cref="GatewayException"><c>invalid_session_id</c>, <c>unknown_session</c>.</exception>
    public async Task<SessionEntry> FindAsync(Caller caller, string sessionId, CancellationToken cancellationToken) =>
        await log.FindAsync(SessionId.Require(sessionId), cancellationToken) ?? throw SessionId.Unknown(sessionId);

    /// <summary>Lists sessions, newest first, a page at a time.</summary>
    public async Task<SessionPage> ListAsync(Caller caller, SessionQuery query, CancellationToken cancellationToken)
    {
        try
        {
            return await log.ListAsync(query, cancellationToken);
        }
        catch (FormatException) when (query.Cursor is not null)
        {
            // Only the log can tell whether a cursor is one of its own.
            throw new GatewayException(ErrorCode.InvalidData, "'cursor' must be the 'next_cursor' of an earlier page.");
        }
    }

    /// <summary>Reads stored events of a session after a seq.</summary>
    /// <returns>The session, and a page of its events.</returns>
    /// <exception cref="GatewayException"><c>seq_out_of_range</c>: there is no such seq to read on from.</exception>
    public async Task<(SessionEntry Session, IReadOnlyList<LoggedEvent> Events)> ReadEventsAsync(Caller caller, string sessionId, long afterSeq, ReadLimit limit, CancellationToken cancellationToken)
    {
        var entry = await FindAsync(caller, sessionId, cancellationToken);
        RequireSeq(entry, afterSeq);
        return (entry, await log.ReadAsync(sessionId, afterSeq, limit, cancellationToken));
    }

    /// <summary>Checks that a session's events can be read from a seq on, damage included, before a stream of them begins.</summary>
    /// <returns>False when the session has ended and nothing is left to read.</returns>
    /// <exception cref="GatewayException"><c>seq_out_of_range</c>: there is no such seq to read on from.</exception>
    public async Task<bool> HasEventsAsync(Caller caller, string sessionId, long afterSeq, CancellationToken cancellationToken)
    {
        var entry = await FindAsync(caller, sessionId, cancellationToken);
        RequireSeq(entry, afterSeq);
        if (afterSeq == entry.LastSeq && SessionStatus.IsFinal(entry.Status)) return false;
        await log.ReadAsync(sessionId, afterSeq, 1, cancellationToken);
        return true;
    }

    /// <summary>Deletes a finished session with all its events, and tells those who watch it.</summary>
    /// <exception cref="GatewayException"><c>unknown_session</c>, <c>session_running</c>.</exception>
    public async Task DeleteAsync(Caller caller, string sessionId, CancellationToken cancellationToken)
    {
        var entry = await FindAsync(caller, sessionId, cancellationToken);
        if (!SessionStatus.IsFinal(entry.Status)) throw new GatewayException(ErrorCode.SessionRunning, $"Session '{sessionId}' has not ended; cancel it before deleting it.");
        if (!await log.DeleteAsync(sessionId, cancellationToken)) throw SessionId.Unknown(sessionId);
        foreach (var listener in listeners) listener.OnDeleted([sessionId]);
    }

    private static void Check(UserInput said)
    {
        if (string.IsNullOrWhiteSpace(said.Content) && said.Action is null && said.Data is null) throw new GatewayException(ErrorCode.InvalidData, "'content' is missing or blank: say what the user says.");

        // Over the hub with MessagePack, no door has looked at the text yet.
        if (said.Data is { ValueKind: not JsonValueKind.Undefined } data) JsonText.Check(JsonMarshal.GetRawUtf8Value(data), "data");
    }

    private static void RequireSeq(SessionEntry entry, long afterSeq)
    {
        if (afterSeq >= 0 && afterSeq <= entry.LastSeq) return;
        throw new GatewayException(ErrorCode.SeqOutOfRange, $"Session '{entry.SessionId}' has the events 1 to {entry.LastSeq}; {afterSeq} is not a seq to read on from.");
    }
}
