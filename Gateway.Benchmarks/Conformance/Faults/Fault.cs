namespace Gateway.Benchmarks.Conformance.Faults;

/// <summary>Something that may happen between a gateway and its client; the table of all that the kit can play.</summary>
/// <param name="Name">What an address says: <c>?fault=drop</c>.</param>
/// <param name="Words">What happens, for people.</param>
/// <param name="Times">How often it happens to a session, unless its places are named.</param>
/// <param name="OnText">Whether it waits for a piece of an agent's text.</param>
internal sealed record Fault(string Name, string Words, int Times, bool OnText = false)
{
    /// <summary>Nothing happens: a run that must pass before any other is worth a look.</summary>
    public static readonly Fault None = new("none", "Nothing happens.", 0);

    public static readonly Fault Drop = new("drop", "The connection breaks in the middle of a token's frame.", 4, OnText: true);
    public static readonly Fault Cut = new("cut", "The connection breaks between two frames.", 4);
    public static readonly Fault Away = new("away", "The connection is closed with 1012, as a proxy that restarts does: come back.", 3);
    public static readonly Fault Goodbye = new("goodbye", "The connection is closed with 1008: do not come back. On /ws only.", 1);
    public static readonly Fault Lose = new("lose", "A token does not arrive, and the next one does.", 4, OnText: true);
    public static readonly Fault Duplicate = new("duplicate", "An event arrives twice.", 6);
    public static readonly Fault Reorder = new("reorder", "Two events arrive in the wrong order.", 4, OnText: true);
    public static readonly Fault Stall = new("stall", "Nothing arrives for a while (?ms=, 3000 by default), then everything.", 2);
    public static readonly Fault HalfOpen = new("half-open", "The connection stays open and is dead: only a heartbeat finds that.", 1);
    public static readonly Fault Restart = new("restart", "The gateway is killed and started again with the same log.", 1, OnText: true);
    public static readonly Fault Slow = new("slow", "A frame arrives in twenty pieces.", 6);
    public static readonly Fault Garbage = new("garbage", "Frames arrive that cannot be read.", 4);
    public static readonly Fault Unknown = new("unknown", "An event arrives that nobody knows, and a known one with members that nobody knows.", 4);
    public static readonly Fault Huge = new("huge", "An event arrives as a frame of a mebibyte.", 2);
    public static readonly Fault Clock = new("clock", "The clock of the gateway jumps an hour ahead for one event, and an hour back for the next.", 4);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Fault> All { get; } = [None, Drop, Cut, Away, Goodbye, Lose, Duplicate, Reorder, Stall, HalfOpen, Restart, Slow, Garbage, Unknown, Huge, Clock];

    /// <summary>The fault with this name; null when there is none.</summary>
    public static Fault? Find(string name) => All.FirstOrDefault(fault => fault.Name == name);
}
