using System.Collections.Frozen;
using Gateway.Contracts;

namespace Gateway.Commands;

/// <summary>What each row of <see cref="CommandTable"/> makes happen on a connection.</summary>
/// <remarks>The record of a command that steers a session goes to the session as it is; the others are done by <see cref="ConnectionCommands"/>.</remarks>
internal static class CommandHandlers
{
    private static readonly FrozenDictionary<CommandInfo, Handler> s_handlers = ConnectionCommands.Handlers().Concat(Steering()).ToFrozenDictionary();

    /// <summary>Does a command; its <paramref name="data"/> is the record of its row.</summary>
    public delegate Task<SessionAck> Handler(ConnectionCommands room, ClientConnection connection, object data, CancellationToken cancellationToken);

    /// <summary>The handler of a command that has data.</summary>
    public static Handler Of(CommandInfo command) => s_handlers[command];

    private static IEnumerable<KeyValuePair<CommandInfo, Handler>> Steering() =>
        CommandTable.All.Where(command => command.Action is not null)
            .Select(command => KeyValuePair.Create<CommandInfo, Handler>(command, static (room, connection, data, cancellationToken) => room.SteerAsync(connection, (ISessionCommand)data, cancellationToken)));
}
