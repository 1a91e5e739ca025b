using Gateway.Delivery.Wires;

namespace Gateway.Delivery;

/// <summary>Members of the broadcast that came between two events of a session: all of them begin with the second one.</summary>
/// <param name="After">They come after the member of this number.</param>
/// <param name="UpTo">The last one's number.</param>
/// <param name="Next">Seq of the event they begin with.</param>
/// <param name="Wires">The wires whose frames are kept for them.</param>
internal sealed record Arrivals(long After, long UpTo, long Next, IReadOnlyList<Wire> Wires);
