using Gateway.Delivery.Wires;
using Gateway.Transport;

namespace Gateway.Doors.Http;

/// <summary>A wire of HTTP responses in its two forms.</summary>
internal class ResponseWires(Wire bare)
{
    /// <summary>The messages as they are, for a body that goes through the server.</summary>
    public Wire Bare => bare;

    /// <summary>Each message in a chunk of its own, for a body that is written past the server.</summary>
    public Wire Chunked { get; } = new HttpChunkWire(bare);
}
