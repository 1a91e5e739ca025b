using Gateway.Commands;
using Gateway.Contracts;
using Gateway.Delivery;
using Gateway.Refusals;
using Microsoft.AspNetCore.SignalR;

namespace Gateway.Doors.Hubs;

/// <summary>The SignalR door: reads who asks, hands over, returns the answer.</summary>
internal sealed class WorkflowHub(SessionCommands commands, SessionFeeds feeds, SessionHubLifetimeManager connections)
    : Hub<IWorkflowClient>, IWorkflowHub
{
    private const string CurrentSession = "session";

    private FrameSender Sender => connections.SenderOf(Context.ConnectionId);

    /// <inheritdoc/>
    public async Task<SessionAck> StartSession(StartSession command)
    {
        feeds.RequireRoom(Sender);
        var ack = await commands.StartAsync(command, Context.ConnectionAborted);
        Context.Items[CurrentSession] = ack.SessionId;
        await feeds.SubscribeIfNewAsync(Sender, ack.SessionId, Context.ConnectionAborted);
        return ack;
    }

    /// <inheritdoc/>
    public Task<SessionAck> PauseSession(PauseSession command) => commands.PauseAsync(Resolve(command.SessionId), Context.ConnectionAborted);

    /// <inheritdoc/>
    public Task<SessionAck> ResumeSession(ResumeSession command) => commands.ResumeAsync(Resolve(command.SessionId), Context.ConnectionAborted);

    /// <inheritdoc/>
    public Task<SessionAck> UserInput(UserInput command) => commands.UserInputAsync(Resolve(command.SessionId), command, Context.ConnectionAborted);

    /// <inheritdoc/>
    public Task<SessionAck> CancelSession(CancelSession command) => commands.CancelAsync(Resolve(command.SessionId), Context.ConnectionAborted);

    /// <inheritdoc/>
    public async Task<SessionAck> Subscribe(string sessionId, long afterSeq)
    {
        await feeds.SubscribeAsync(Sender, sessionId, afterSeq, merge: false, Context.ConnectionAborted);
        Context.Items[CurrentSession] = sessionId;
        return new SessionAck { SessionId = sessionId };
    }

    /// <inheritdoc/>
    public async Task<SessionSnapshot> SubscribeSnapshot(string sessionId)
    {
        using var earlier = feeds.Suspend(Sender, sessionId);
        var snapshot = await commands.GetAsync(sessionId, Context.ConnectionAborted);
        await Subscribe(sessionId, snapshot.LastSeq);
        earlier?.Replace();
        return snapshot;
    }

    /// <inheritdoc/>
    public Task Unsubscribe(string sessionId)
    {
        feeds.Unsubscribe(Sender, SessionId.Require(sessionId));
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<string> Ping() => Task.FromResult("pong");

    private string Resolve(string? sessionId) =>
        sessionId ?? Context.Items[CurrentSession] as string ?? throw NoSession.Create();
}
