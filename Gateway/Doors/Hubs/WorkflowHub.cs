using Gateway.Commands;
using Gateway.Contracts;
using Microsoft.AspNetCore.SignalR;

namespace Gateway.Doors.Hubs;

/// <summary>The SignalR door: reads who asks, hands over, returns the answer.</summary>
public sealed class WorkflowHub : Hub<IWorkflowClient>, IWorkflowHub
{
    private readonly ConnectionCommands _commands;
    private readonly HubInbox _inbox;
    private readonly HubClients _clients;

    internal WorkflowHub(ConnectionCommands commands, HubInbox inbox, HubClients clients) => (_commands, _inbox, _clients) = (commands, inbox, clients);

    private ClientConnection Client => _clients.Of(Context);

    private CancellationToken Aborted => Context.ConnectionAborted;

    /// <inheritdoc/>
    public Task<SessionAck> StartSession(StartSession command) => _commands.StartAsync(Client, command, Aborted);

    /// <inheritdoc/>
    public Task<SessionAck> PauseSession(PauseSession command) => _commands.SteerAsync(Client, command, Aborted);

    /// <inheritdoc/>
    public Task<SessionAck> ResumeSession(ResumeSession command) => _commands.SteerAsync(Client, command, Aborted);

    /// <inheritdoc/>
    public Task<SessionAck> UserInput(UserInput command) => _commands.SteerAsync(Client, command, Aborted);

    /// <inheritdoc/>
    public Task<SessionAck> CancelSession(CancelSession command) => _commands.SteerAsync(Client, command, Aborted);

    /// <inheritdoc/>
    public Task<SessionAck> ForkSession(ForkSession command) => _commands.ForkAsync(Client, command, Aborted);

    /// <inheritdoc/>
    public Task<SessionAck> RetrySession(RetrySession command) => _commands.RetryAsync(Client, command, Aborted);

    /// <inheritdoc/>
    public Task<SessionAck> Subscribe(string sessionId, long afterSeq) =>
        _commands.SubscribeAsync(Client, new Subscribe { SessionId = sessionId, AfterSeq = afterSeq }, merge: false, Aborted);

    /// <inheritdoc/>
    public Task<SessionSnapshot> SubscribeSnapshot(string sessionId) => _commands.SubscribeSnapshotAsync(Client, sessionId, merge: false, Aborted);

    /// <inheritdoc/>
    public Task Unsubscribe(string sessionId)
    {
        _commands.Unsubscribe(Client, new Unsubscribe { SessionId = sessionId });
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<InboxFrame> WatchInbox(WatchInbox watch, CancellationToken cancellationToken) =>
        _inbox.WatchAsync(Client, watch, cancellationToken);

    /// <inheritdoc/>
    public Task<string> Ping() => Task.FromResult("pong");
}
