using System.Buffers;
using System.Net.WebSockets;
using Gateway.Contracts;
using Gateway.Log;

namespace Gateway.Delivery.Wires;

/// <summary>The wire of <c>/ws</c>: the JSON frame itself, one a message.</summary>
public sealed class RawWire : Wire
{
    /// <summary>Creates the wire.</summary>
    public RawWire()
        : base("ws")
    {
    }

    /// <inheritdoc/>
    public override WebSocketMessageType MessageType => WebSocketMessageType.Text;

    /// <inheritdoc/>
    public override void Encode(LoggedEvent logged, IBufferWriter<byte> output) => output.Write(logged.Json);

    /// <inheritdoc/>
    internal override void EncodeRefusal(SessionEvent<ExecutionError> refusal, IBufferWriter<byte> output) => output.Write(RefusalFrame.ToJson(refusal));
}
