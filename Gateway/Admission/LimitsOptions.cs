using Gateway.Settings;

namespace Gateway.Admission;

/// <summary>How much one client may take, and all clients together; section <c>Gateway:Limits</c>.</summary>
public sealed class LimitsOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Gateway:Limits";

    /// <summary>WebSockets, hub connections and event streams at a time; 0 for no limit.</summary>
    [NumberRange(0)]
    public int MaxConnections { get; set; } = 100_000;

    /// <summary>WebSockets, hub connections and event streams from one address at a time; 0 for no limit.</summary>
    /// <remarks>Off by default: behind a proxy, or from an office, thousands of clients share one address.</remarks>
    [NumberRange(0)]
    public int MaxConnectionsPerAddress { get; set; }

    /// <summary>Sessions one connection may subscribe to at a time; the broadcast of a plain <c>/ws</c> does not count.</summary>
    [NumberRange(1)]
    public int MaxSubscriptionsPerConnection { get; set; } = 1000;

    /// <summary>Commands one connection may send a second in the long run; 0 for no limit.</summary>
    /// <remarks><c>ping</c> does not count: it costs little, and the next ping is read only once the pong is written.</remarks>
    [NumberRange(0, 1_000_000)]
    public int CommandsPerSecond { get; set; } = 100;

    /// <summary>Commands one connection may send at once after it has been quiet.</summary>
    [NumberRange(1, 1_000_000)]
    public int CommandBurst { get; set; } = 200;

    /// <summary>What the commands and answers of more than 64 KiB of all clients together may take while they are under way, in bytes.</summary>
    /// <remarks>Left out: a thirty-second of the memory there is for the process, but no less than 8 and no more than 256 MiB.</remarks>
    [NumberRange(1024 * 1024)]
    public long? MaxBytesInFlight { get; set; }
}
