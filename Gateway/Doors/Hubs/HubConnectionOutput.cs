using System.Net.Sockets;
using Gateway.Delivery.Outputs;
using Microsoft.AspNetCore.SignalR;

namespace Gateway.Doors.Hubs;

/// <summary>Sends through SignalR itself: long polling, Server-Sent Events and test hosts.</summary>
/// <remarks>SignalR takes several messages in one buffer, so a whole write is one <see cref="SerializedHubMessage"/>.</remarks>
/// <param name="connection">The hub connection.</param>
/// <param name="socket">The socket of its one long request; null where each poll has its own.</param>
internal sealed class HubConnectionOutput(HubConnectionContext connection, Socket? socket) : FrameOutput
{
    /// <inheritdoc/>
    public override PeerProgress Peer => PeerProgress.Of(socket);

    /// <inheritdoc/>
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> frames) =>
        connection.WriteAsync(new SerializedHubMessage([new SerializedMessage(connection.Protocol.Name, frames)]));
}
