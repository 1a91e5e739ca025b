using Gateway.Delivery.Wires;

namespace Gateway.Delivery;

/// <summary>What a page of the log depends on.</summary>
/// <param name="Feed">The session's feed; a session that was deleted and made anew has another one.</param>
/// <param name="Wire">What the frames are encoded for.</param>
/// <param name="Next">Seq of the page's first event.</param>
/// <param name="Merge">Whether neighbouring tokens are merged.</param>
internal readonly record struct PageKey(SessionFeed Feed, Wire Wire, long Next, bool Merge);
