using Gateway.Settings;

namespace Gateway.Log;

/// <summary>The settings under <c>Gateway:Storage</c>: where session logs are kept.</summary>
/// <remarks>How long they are kept is in <see cref="RetentionOptions"/>.</remarks>
public sealed class StorageOptions
{
    /// <summary>Where these settings stand in the configuration.</summary>
    public const string Section = "Gateway:Storage";

    /// <summary><see cref="Provider"/>: a SQLite file.</summary>
    public const string Sqlite = "sqlite";

    /// <summary><see cref="Provider"/>: in memory, gone with the process.</summary>
    public const string Memory = "memory";

    /// <summary><see cref="Durability"/>: see <see cref="LogDurability.Process"/>.</summary>
    public const string Process = "process";

    /// <summary><see cref="Durability"/>: see <see cref="LogDurability.Power"/>.</summary>
    public const string Power = "power";

    /// <summary><c>sqlite</c> or <c>memory</c>.</summary>
    [OneOf(Sqlite, Memory)]
    public string Provider { get; set; } = Sqlite;

    /// <summary>The SQLite file; relative to the content root. It and its folder are created when missing.</summary>
    [Text("the path of the SQLite file, such as 'data/gateway.db'")]
    public string Path { get; set; } = "data/gateway.db";

    /// <summary>What a committed event survives: <c>process</c> or <c>power</c>.</summary>
    /// <remarks>
    /// <c>process</c>: the end of the process, <c>kill -9</c> and crash included; the operating system holds what
    /// was committed. After a power cut or a crash of the machine the last commits may be missing, or the file damaged.
    /// <c>power</c>: those too; each commit waits until the disk has it, which takes as long as the disk does.
    /// </remarks>
    [OneOf(Process, Power)]
    public string Durability { get; set; } = Process;

    /// <summary>How long a start waits for another gateway to let go of the file, as in a rolling restart; zero for not at all.</summary>
    [TimeRange("00:00:00", "01:00:00")]
    public TimeSpan LockTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How often a store that failed is tried again, by one small write, while sessions are held for it.</summary>
    [TimeRange("00:00:00.01", "01:00:00")]
    public TimeSpan RetryInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Whether neighbouring token chunks of finished sessions are merged; off by default.</summary>
    public bool Compact { get; set; }
}
