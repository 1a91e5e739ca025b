using System.Collections.Frozen;
using Gateway.Contracts;

namespace Gateway.Commands;

/// <summary>What each row of <see cref="CommandTable"/> makes happen on a connection.</summary>
/// <remarks>A command that steers a session needs no line here: its record goes to the session as it is.</remarks>
internal static class CommandHandlers
{
    private static readonly FrozenDictionary<CommandInfo, Handler> s_handlers = Own().Concat(Steering()).ToFrozenDictionary();

    /// <summary>Does a command; its <paramref name="data"/> is the record of its row.</summary>
    public delegate Task<SessionAck> Handler(ConnectionCommands room, ClientConnection connection, object data, CancellationToken cancellationToken);

    /// <summary>The handler of a command that has data.</summary>
    public static Handler Of(CommandInfo command) => s_handlers[command];

    private static IEnumerable<KeyValuePair<CommandInfo, Handler>> Own()
    {
        yield return new(CommandTable.StartSession, static (room, connection, data, cancellationToken) => room.StartAsync(connection, (StartSession)data, cancellationToken));
        yield return new(CommandTable.Subscribe, static (room, connection, data, cancellationToken) => room.SubscribeAsync(connection, (Subscribe)data, merge: false, cancellationToken));
        yield return new(CommandTable.Unsubscribe, static (room, connection, data, _) => Task.FromResult(room.Unsubscribe(connection, (Unsubscribe)data)));
    }

    private static IEnumerable<KeyValuePair<CommandInfo, Handler>> Steering() =>
        CommandTable.All.Where(command => command.Action is not null)
            .Select(command => KeyValuePair.Create<CommandInfo, Handler>(command, static (room, connection, data, cancellationToken) => room.SteerAsync(connection, (ISessionCommand)data, cancellationToken)));
}
