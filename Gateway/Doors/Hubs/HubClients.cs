using Gateway.Admission;
using Gateway.Commands;
using Microsoft.AspNetCore.SignalR;

namespace Gateway.Doors.Hubs;

/// <summary>The clients of the hub as the room for commands knows them.</summary>
internal sealed class HubClients(SessionHubLifetimeManager connections)
{
    private const string Key = "client";

    /// <summary>The client of a call; made at its first call, so that a connection that sends nothing holds none.</summary>
    /// <exception cref="OperationCanceledException">The client has left.</exception>
    public ClientConnection Of(HubCallerContext context)
    {
        if (context.Items.TryGetValue(Key, out var known)) return (ClientConnection)known!;
        var client = new ClientConnection(Caller.Of(context.User), connections.SenderOf(context.ConnectionId)) { HoldAnswer = context.Features.Get<CallReader>() is { } reader ? reader.Hold : null };
        context.Items[Key] = client;
        return client;
    }
}
