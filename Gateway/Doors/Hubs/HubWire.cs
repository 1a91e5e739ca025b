using System.Buffers;
using Gateway.Contracts;
using Gateway.Delivery.Wires;
using Gateway.Log;
using Microsoft.AspNetCore.SignalR.Protocol;

namespace Gateway.Doors.Hubs;

/// <summary>Any other hub protocol, MessagePack first of all: encoded by the protocol itself.</summary>
internal sealed class HubWire(WireTraffic traffic, IHubProtocol protocol) : Wire(traffic)
{
    /// <inheritdoc/>
    public override void Write(LoggedEvent logged, IBufferWriter<byte> output) =>
        protocol.WriteMessage(new InvocationMessage(SessionEvents.KindOf(logged.Event).HubMethod, [logged.Event]), output);
}
