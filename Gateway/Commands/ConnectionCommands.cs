using Gateway.Admission;
using Gateway.Contracts;
using Gateway.Delivery;
using Gateway.Engine;
using Gateway.Refusals;

namespace Gateway.Commands;

/// <summary>The commands of a connection, which may leave the session out and watches what it starts.</summary>
internal sealed class ConnectionCommands(SessionCommands sessions, ForkCommands forks, SessionFeeds feeds, ClientLimits limits, LargeMessages large)
{
    /// <summary>Counts a command; a ping is free.</summary>
    /// <param name="connection">Who sends it.</param>
    /// <param name="command">What is sent; null when the client sent something that is no command.</param>
    /// <exception cref="GatewayException"><c>limit_exceeded</c>.</exception>
    public void Count(ClientConnection connection, CommandInfo? command)
    {
        if (command != CommandTable.Ping) limits.RequireCommand(ref connection.Allowance);
    }

    /// <summary>Does what a row of the table and its data ask for.</summary>
    public Task<SessionAck> ExecuteAsync(ClientConnection connection, CommandInfo command, object data, CancellationToken cancellationToken) =>
        CommandHandlers.Of(command)(this, connection, data, cancellationToken);

    /// <summary>Starts a session and watches it from its first event, unless the connection watches it already.</summary>
    public Task<SessionAck> StartAsync(ClientConnection connection, StartSession command, CancellationToken cancellationToken) =>
        WatchNewAsync(connection, () => sessions.StartAsync(connection.Caller, command, cancellationToken), cancellationToken);

    /// <summary>Forks the session that the command names, or the connection's current one, and watches the new one from its first event.</summary>
    public Task<SessionAck> ForkAsync(ClientConnection connection, ForkSession command, CancellationToken cancellationToken) =>
        WatchNewAsync(connection, () => forks.ForkAsync(connection.Caller, Resolve(connection, command.SourceSessionId), command, cancellationToken), cancellationToken);

    /// <summary>Tries the session again that the command names, or the connection's current one, and watches the new one from its first event.</summary>
    public Task<SessionAck> RetryAsync(ClientConnection connection, RetrySession command, CancellationToken cancellationToken)
    {
        var fork = new ForkSession { SessionId = command.SessionId, Input = command.Input, Edits = command.Edits };
        return WatchNewAsync(connection, () => forks.RetryAsync(connection.Caller, Resolve(connection, command.SourceSessionId), fork, cancellationToken), cancellationToken);
    }

    /// <summary>Hands a command to the session it names, or to the connection's current one.</summary>
    public Task<SessionAck> SteerAsync(ClientConnection connection, ISessionCommand command, CancellationToken cancellationToken) =>
        sessions.SteerAsync(connection.Caller, Resolve(connection, command.SessionId), command, cancellationToken);

    /// <summary>Watches a session after a seq; with a snapshot, from the state at its last event.</summary>
    public async Task<SessionAck> SubscribeAsync(ClientConnection connection, Subscribe command, bool merge, CancellationToken cancellationToken)
    {
        var id = command.SessionId ?? throw new GatewayException(ErrorCode.InvalidData, "'session_id' is missing: say which session to send.");
        if (command.Snapshot == true)
        {
            if (command.AfterSeq is not (null or 0)) throw new GatewayException(ErrorCode.InvalidData, "A snapshot goes on with the event after it: leave 'after_seq' out, or 'snapshot'.");
            var snapshot = await SubscribeSnapshotAsync(connection, id, merge, cancellationToken);
            return new SessionAck { SessionId = id, Seq = snapshot.LastSeq };
        }

        var afterSeq = command.AfterSeq ?? 0;
        await feeds.SubscribeAsync(connection.Sender, id, afterSeq, merge, cancellationToken);
        connection.CurrentSession = id;
        return new SessionAck { SessionId = id, Seq = afterSeq };
    }

    /// <summary>Takes a snapshot of a session and watches what follows it.</summary>
    /// <remarks>
    /// An earlier subscription to the session stands still meanwhile: what it has sent is in the snapshot. It ends once the new one
    /// stands, and goes on where it was when anything fails. All that the store can fail at comes before the snapshot is sent,
    /// so a client never gets a snapshot and then the events before it.
    /// </remarks>
    public async Task<SessionSnapshot> SubscribeSnapshotAsync(ClientConnection connection, string sessionId, bool merge, CancellationToken cancellationToken)
    {
        using var earlier = feeds.Suspend(connection.Sender, sessionId);
        var snapshot = await sessions.GetAsync(connection.Caller, sessionId, cancellationToken);
        if (!connection.Sender.Has(sessionId)) feeds.RequireRoom(connection.Sender);
        using var start = await feeds.BeginAsync(sessionId, snapshot.LastSeq, cancellationToken);
        if (connection.SendSnapshot is { } send) await send(connection.Sender, snapshot, cancellationToken);
        else if (connection.HoldAnswer is { } hold && SharedAnswers.IsLarge(snapshot)) hold(await large.TakeForAnswerAsync(SnapshotSize.Bytes(snapshot), cancellationToken));
        feeds.Subscribe(connection.Sender, start, merge);
        earlier?.Replace();
        connection.CurrentSession = sessionId;
        return snapshot;
    }

    /// <summary>Ends the subscription to a session; nothing happens when there is none.</summary>
    public SessionAck Unsubscribe(ClientConnection connection, Unsubscribe command)
    {
        var id = SessionId.Require(Resolve(connection, command.SessionId));
        feeds.Unsubscribe(connection.Sender, id);
        if (connection.Sender.OnlySession == id) connection.Sender.OnlySession = null;
        return new SessionAck { SessionId = id };
    }

    /// <summary>Which of the methods above does what a row of the table asks for; a command that steers a session has no line here.</summary>
    public static IEnumerable<KeyValuePair<CommandInfo, CommandHandlers.Handler>> Handlers()
    {
        yield return new(CommandTable.StartSession, static (room, connection, data, cancellationToken) => room.StartAsync(connection, (StartSession)data, cancellationToken));
        yield return new(CommandTable.ForkSession, static (room, connection, data, cancellationToken) => room.ForkAsync(connection, (ForkSession)data, cancellationToken));
        yield return new(CommandTable.RetrySession, static (room, connection, data, cancellationToken) => room.RetryAsync(connection, (RetrySession)data, cancellationToken));
        yield return new(CommandTable.Subscribe, static (room, connection, data, cancellationToken) => room.SubscribeAsync(connection, (Subscribe)data, merge: false, cancellationToken));
        yield return new(CommandTable.Unsubscribe, static (room, connection, data, _) => Task.FromResult(room.Unsubscribe(connection, (Unsubscribe)data)));
    }

    private async Task<SessionAck> WatchNewAsync(ClientConnection connection, Func<Task<SessionAck>> start, CancellationToken cancellationToken)
    {
        feeds.RequireRoom(connection.Sender);
        var ack = await start();
        connection.CurrentSession = ack.SessionId;
        await feeds.SubscribeIfNewAsync(connection.Sender, ack.SessionId, cancellationToken);
        return ack;
    }

    private static string Resolve(ClientConnection connection, string? sessionId) => sessionId ?? connection.CurrentSession ?? throw NoSession.Create();
}
