using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Gateway.Admission;
using Gateway.Contracts;
using Gateway.Engine;
using Gateway.Log;
using Gateway.Refusals;

namespace Gateway.Commands;

/// <summary>Starts sessions that share the history of others; today everybody may fork everything.</summary>
internal sealed class ForkCommands(SessionCommands sessions, ISessionHost host, ISessionLog log, DeletedSessions deleted, StartResolver starts, ForkEditor editor, NodeKinds kinds, TimeProvider time)
{
    /// <summary>Starts a session that shares the history of another one up to an event.</summary>
    /// <exception cref="GatewayException"><c>unknown_session</c>, <c>seq_out_of_range</c>, <c>session_exists</c>, <c>invalid_data</c>, <c>invalid_workflow</c>, or as for a start.</exception>
    public async Task<SessionAck> ForkAsync(Caller caller, string sessionId, ForkSession command, CancellationToken cancellationToken)
    {
        var entry = await sessions.FindAsync(caller, sessionId, cancellationToken);
        RequireSource(entry, command);
        var isOver = SessionStatus.IsFinal(entry.Status);
        var last = isOver ? entry.LastSeq - 1 : entry.LastSeq;
        var seq = command.AfterSeq ?? last;
        if (seq < 0 || seq > last) throw new GatewayException(ErrorCode.SeqOutOfRange, $"Session '{sessionId}' can be forked after its events 0 to {last}{(isOver ? ", before its end" : string.Empty)}; {seq} is none of them.");
        return await StartAsync(entry, "fork", command, seq, cancellationToken);
    }

    /// <summary>Starts a session that shares the history of a failed one up to its failure, so that what failed runs again.</summary>
    /// <exception cref="GatewayException"><c>session_not_failed</c>, or as for a fork.</exception>
    public async Task<SessionAck> RetryAsync(Caller caller, string sessionId, ForkSession command, CancellationToken cancellationToken)
    {
        if (command.AfterSeq is not null) throw new GatewayException(ErrorCode.InvalidData, "A session is tried again from its failure: leave 'after_seq' out, or fork it.");
        var entry = await sessions.FindAsync(caller, sessionId, cancellationToken);
        RequireSource(entry, command);
        if (entry.Status != SessionStatus.Failed) throw new GatewayException(ErrorCode.SessionNotFailed, $"Session '{sessionId}' is {entry.Status} and has not failed; fork it after the event from which it is to go on differently.");
        return await StartAsync(entry, "retry", command, await FailurePoint.FindAsync(log, entry, cancellationToken), cancellationToken);
    }

    private async Task<SessionAck> StartAsync(SessionEntry entry, string kind, ForkSession command, long seq, CancellationToken cancellationToken)
    {
        Check(command);
        var id = command.SessionId is { } chosen ? SessionId.Require(chosen) : SessionId.Create(time);
        if (deleted.Has(id)) throw new GatewayException(ErrorCode.SessionExists, $"Session '{id}' has been deleted, and its id is not given out again: a reader of it could take the new session for the old one. Choose another session_id.");
        var fingerprint = Fingerprint(entry, kind, command);
        if (command.SessionId is not null && await host.FindStartedAsync(id, fingerprint, cancellationToken) is { } done) return new SessionAck { SessionId = id, Seq = done };

        var header = entry.Header;
        var state = await LogFold.LoadUntilAsync(log, header, kinds, seq, cancellationToken);

        // Nothing has happened within the events with which a session begins.
        if (state.Nodes.All(node => node.Status == NodeStatus.Pending)) seq = 0;
        var workflow = editor.Apply(header.Workflow, state, command.Edits);
        var input = command.Input is { ValueKind: not (JsonValueKind.Null or JsonValueKind.Undefined) } given ? given : (JsonElement?)null;
        if (input is { } other) StartResolver.RequireInput(workflow, new StartSession { Input = other });
        starts.RequireRunnable(workflow);
        return new SessionAck
        {
            SessionId = id,
            Seq = await host.StartAsync(
                header with
                {
                    SessionId = id,
                    Workflow = workflow,
                    Input = input is null ? header.Input : SessionInput.ToText(input, null),
                    InputMembers = input is null ? header.InputMembers : input is { ValueKind: JsonValueKind.Object } ? input : null,
                    Fingerprint = fingerprint,
                    CreatedAt = time.GetUtcNow().UtcDateTime,
                    ForkedFrom = new SessionOrigin { SessionId = entry.SessionId, Seq = seq },
                },
                cancellationToken),
        };
    }

    // Over the hub, no door has looked at the text of free JSON yet.
    private static void Check(ForkSession command)
    {
        CheckText(command.Input, "input");
        foreach (var (node, edit) in command.Edits?.Nodes ?? new Dictionary<string, NodeEdit>()) CheckText(edit?.With, $"edits.nodes.{node}.with");
    }

    private static void CheckText(JsonElement? json, string name)
    {
        if (json is { ValueKind: not JsonValueKind.Undefined } value) JsonText.Check(JsonMarshal.GetRawUtf8Value(value), name);
    }

    private static void RequireSource(SessionEntry entry, ForkSession command)
    {
        if (command.SourceSessionId is { } other && other != entry.SessionId) throw new GatewayException(ErrorCode.InvalidData, "'source_session_id' differs from the session in the address; leave it out.");
    }

    // Of what was asked, and not of where a running session stood meanwhile: who asks again, since the answer was lost, asks for the same.
    private static string Fingerprint(SessionEntry entry, string kind, ForkSession command)
    {
        var asked = JsonSerializer.SerializeToUtf8Bytes(command with { SourceSessionId = null, SessionId = null }, ContractsJson.Wire.ForkSession);
        return Convert.ToHexStringLower(SHA256.HashData([.. Encoding.UTF8.GetBytes($"{kind}\0{entry.SessionId}\0{entry.CreatedAt:O}\0"), .. asked]));
    }
}
