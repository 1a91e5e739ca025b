namespace Gateway.Log;

/// <summary>A store: keeps the logs of all sessions, and keeps them small.</summary>
/// <remarks>Disposed with the host when it is disposable. The suite of the store's tests says what it has to keep.</remarks>
public interface ILogStore : ISessionLog, ILogHistory, ILogHealth, ILogCursors, ILogPrompts, ILogDeadLetters;
