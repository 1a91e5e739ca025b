using Gateway.Contracts;
using Microsoft.AspNetCore.SignalR;

namespace Gateway.Tests.Client;

/// <summary>The gateway's hub as the contract describes it, over the scripted sessions of a <see cref="FakeGateway"/>.</summary>
internal sealed class FakeWorkflowHub(FakeGateway gateway) : Hub<IWorkflowClient>, IWorkflowHub
{
    public Task<SessionAck> StartSession(StartSession command) => AnswerAsync(new HubCall("StartSession", command.SessionId, 0, command), async () =>
    {
        gateway.Session(command.SessionId!);
        await gateway.MoveAsync(Context.ConnectionId, command.SessionId!, 0);
    });

    public Task<SessionAck> PauseSession(PauseSession command) => AnswerAsync(new HubCall("PauseSession", command.SessionId, 0, command));

    public Task<SessionAck> ResumeSession(ResumeSession command) => AnswerAsync(new HubCall("ResumeSession", command.SessionId, 0, command));

    public Task<SessionAck> UserInput(UserInput command) => AnswerAsync(new HubCall("UserInput", command.SessionId, 0, command));

    public Task<SessionAck> CancelSession(CancelSession command) => AnswerAsync(new HubCall("CancelSession", command.SessionId, 0, command));

    public Task<SessionAck> ForkSession(ForkSession command) => AnswerAsync(new HubCall("ForkSession", command.SessionId, 0, command), () => BeginAsync(command.SessionId!, command.SourceSessionId!));

    public Task<SessionAck> RetrySession(RetrySession command) => AnswerAsync(new HubCall("RetrySession", command.SessionId, 0, command), () => BeginAsync(command.SessionId!, command.SourceSessionId!));

    public Task<SessionAck> Subscribe(string sessionId, long afterSeq) => AnswerAsync(new HubCall("Subscribe", sessionId, afterSeq), async () =>
    {
        if (gateway.Find(sessionId) is not { } session) throw new HubException($"{ErrorCode.UnknownSession}: There is no session '{sessionId}'.");
        if (afterSeq > session.LastSeq) throw new HubException($"{ErrorCode.SeqOutOfRange}: Session '{sessionId}' has no event {afterSeq}.");
        await gateway.MoveAsync(Context.ConnectionId, sessionId, afterSeq);
    });

    public Task<SessionSnapshot> SubscribeSnapshot(string sessionId) => throw new HubException($"{ErrorCode.InternalError}: The fake has no snapshots.");

    public Task Unsubscribe(string sessionId) =>
        AnswerAsync(new HubCall("Unsubscribe", sessionId), () => gateway.StopSendingAsync(Context.ConnectionId, sessionId));

    public IAsyncEnumerable<InboxFrame> WatchInbox(WatchInbox watch, CancellationToken cancellationToken) => throw new HubException($"{ErrorCode.InternalError}: The fake has no inbox.");

    public async Task<string> Ping()
    {
        await AnswerAsync(new HubCall("Ping", null));
        return "pong";
    }

    public override Task OnConnectedAsync()
    {
        gateway.Connections[Context.ConnectionId] = Context;
        return Task.CompletedTask;
    }

    public override Task OnDisconnectedAsync(Exception? exception)
    {
        gateway.Connections.TryRemove(Context.ConnectionId, out _);
        return gateway.StopSendingAsync(Context.ConnectionId);
    }

    private async Task BeginAsync(string sessionId, string sourceId)
    {
        if (gateway.Find(sourceId) is null) throw new HubException($"{ErrorCode.UnknownSession}: There is no session '{sourceId}'.");
        gateway.Session(sessionId);
        await gateway.MoveAsync(Context.ConnectionId, sessionId, 0);
    }

    private async Task<SessionAck> AnswerAsync(HubCall call, Func<Task>? action = null)
    {
        gateway.Calls.Add(call);
        if (action is not null) await action();
        await gateway.BeforeAnswer(call, Context);
        return new SessionAck { SessionId = call.SessionId ?? "", Seq = gateway.Find(call.SessionId ?? "")?.LastSeq };
    }
}
