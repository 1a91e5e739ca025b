using Gateway.Delivery.Wires;
using Gateway.Transport;

namespace Gateway.Doors.Http;

/// <summary>One form in which a session's events are streamed as the body of a response: a client asks for it with <c>Accept</c>.</summary>
/// <param name="mediaType">What a client asks for, and the answer's content type.</param>
/// <param name="wire">How the events look.</param>
internal abstract class EventStream(string mediaType, Wire wire)
{
    /// <summary>What a client asks for, and the answer's content type.</summary>
    public string MediaType => mediaType;

    /// <summary>What the body begins with, ahead of the first event; empty where the form has nothing to say.</summary>
    public virtual ReadOnlyMemory<byte> Preamble => default;

    /// <summary>What a reader of the API's description has to know of the form, as sentences.</summary>
    public abstract string Description { get; }

    /// <summary>A body as the API's description shows it.</summary>
    public abstract string Example { get; }

    /// <summary>The frames as they are, for a body that goes through the server.</summary>
    public Wire Bare => wire;

    /// <summary>Each frame in a chunk of its own, for a body that is written past the server.</summary>
    public Wire Chunked { get; } = new HttpChunkWire(wire);
}
