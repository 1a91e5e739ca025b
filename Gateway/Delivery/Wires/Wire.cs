using System.Buffers;
using Gateway.Contracts;
using Gateway.Log;

namespace Gateway.Delivery.Wires;

/// <summary>How events look on one kind of connection: it writes whole frames of its protocol.</summary>
/// <remarks>
/// A frame is the same for every connection of the wire, so each event is written once for all of them. Frames stand
/// back to back in one buffer, and what is written to a connection begins and ends between two of them.
/// </remarks>
/// <param name="traffic">What is sent on it, from <see cref="WireRegistry.TrafficOf"/>.</param>
internal abstract class Wire(WireTraffic traffic)
{
    /// <summary>What has been sent on it.</summary>
    public WireTraffic Traffic => traffic;

    /// <summary>A frame that its peer answers, for one that is silent; empty where the protocol has none.</summary>
    public virtual ReadOnlyMemory<byte> Ping => default;

    /// <summary>A frame that says nothing, for a connection that proxies would close for being idle; empty where the protocol has pings of its own.</summary>
    /// <remarks>Over HTTP it is what shows that a silent client is gone, so a wire of responses has one.</remarks>
    public virtual ReadOnlyMemory<byte> Comment => default;

    /// <summary>Writes the frame of an event.</summary>
    /// <param name="logged">The event; a wire takes the form that costs it least.</param>
    /// <param name="output">Where the frame goes.</param>
    public abstract void Write(LoggedEvent logged, IBufferWriter<byte> output);

    /// <summary>Writes the frame of an <c>error</c> that ends a subscription and is in no log.</summary>
    public virtual void WriteRefusal(SessionEvent<ExecutionError> refusal, IBufferWriter<byte> output) => Write(new LoggedEvent(refusal), output);
}
