using System.Buffers;
using System.Net.WebSockets;
using Gateway.Contracts;
using Gateway.Log;

namespace Gateway.Delivery.Wires;

/// <summary>How events look on one kind of connection; each event is encoded once for all its subscribers.</summary>
public abstract class Wire
{
    /// <summary>What has been sent on it.</summary>
    public WireTraffic Traffic { get; }

    /// <summary>Creates a wire with its name in metrics.</summary>
    protected Wire(string name) => Traffic = new WireTraffic(name);

    /// <summary>Whether messages are text or binary.</summary>
    public abstract WebSocketMessageType MessageType { get; }

    /// <summary>Writes the message of an event.</summary>
    /// <param name="logged">The event; a wire takes the form that costs it least.</param>
    /// <param name="output">Where the message goes, without a WebSocket header.</param>
    public abstract void Encode(LoggedEvent logged, IBufferWriter<byte> output);

    /// <summary>Writes the message of an <c>error</c> that ends a subscription and is in no log.</summary>
    internal virtual void EncodeRefusal(SessionEvent<ExecutionError> refusal, IBufferWriter<byte> output) => Encode(new LoggedEvent(refusal), output);
}
