using Gateway.Contracts;
using Gateway.Tests.Infrastructure;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;

namespace Gateway.Tests.Commands;

/// <summary>On the hub, where a snapshot is the answer of a call.</summary>
internal sealed class HubRoomClient(HubReader hub) : IRoomClient
{
    private SessionSnapshot? _snapshot;

    public static async Task<IRoomClient> ConnectAsync(GatewayFixture gateway, bool messagePack) => new HubRoomClient(await HubReader.ConnectAsync(gateway, messagePack));

    public Task<RoomRefusal?> StartAsync(StartSession start) => AskAsync<SessionAck>(nameof(IWorkflowHub.StartSession), start);

    public Task<RoomRefusal?> ForkAsync(ForkSession fork) => AskAsync<SessionAck>(nameof(IWorkflowHub.ForkSession), fork);

    public Task<RoomRefusal?> RetryAsync(RetrySession retry) => AskAsync<SessionAck>(nameof(IWorkflowHub.RetrySession), retry);

    public Task<RoomRefusal?> PauseAsync(string? sessionId) => AskAsync<SessionAck>(nameof(IWorkflowHub.PauseSession), new PauseSession { SessionId = sessionId });

    public Task<RoomRefusal?> SubscribeAsync(string sessionId, long afterSeq) => AskAsync<SessionAck>(nameof(IWorkflowHub.Subscribe), sessionId, afterSeq);

    public Task<RoomRefusal?> SubscribeSnapshotAsync(string sessionId) => AskAsync<SessionSnapshot>(nameof(IWorkflowHub.SubscribeSnapshot), sessionId);

    public Task<long> SnapshotSeqAsync() => Task.FromResult(_snapshot!.LastSeq);

    public async Task<(string SessionId, long Seq)> NextAsync()
    {
        var next = await hub.NextAsync();
        return (next.SessionId, next.Seq);
    }

    public ValueTask DisposeAsync() => hub.DisposeAsync();

    private async Task<RoomRefusal?> AskAsync<T>(string method, params object?[] arguments)
    {
        try
        {
            _snapshot = await Wait.For(hub.Connection.InvokeCoreAsync<T>(method, arguments), method) as SessionSnapshot;
            return null;
        }
        catch (HubException exception)
        {
            var message = exception.Message[(exception.Message.IndexOf("HubException: ", StringComparison.Ordinal) + "HubException: ".Length)..];
            var colon = message.IndexOf(": ", StringComparison.Ordinal);
            return new RoomRefusal(message[..colon], message[(colon + 2)..]);
        }
    }
}
