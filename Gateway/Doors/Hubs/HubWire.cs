using System.Buffers;
using System.Net.WebSockets;
using Gateway.Contracts;
using Gateway.Delivery.Wires;
using Gateway.Log;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.SignalR.Protocol;

namespace Gateway.Doors.Hubs;

/// <summary>Any other hub protocol, MessagePack first of all: encoded by the protocol itself.</summary>
public sealed class HubWire(IHubProtocol protocol) : Wire("hub-" + protocol.Name)
{
    /// <inheritdoc/>
    public override WebSocketMessageType MessageType =>
        protocol.TransferFormat == TransferFormat.Text ? WebSocketMessageType.Text : WebSocketMessageType.Binary;

    /// <inheritdoc/>
    public override void Encode(LoggedEvent logged, IBufferWriter<byte> output) =>
        protocol.WriteMessage(new InvocationMessage(SessionEvents.KindOf(logged.Event).HubMethod, [logged.Event]), output);
}
