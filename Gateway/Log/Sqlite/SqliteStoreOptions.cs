using Gateway.Settings;

namespace Gateway.Log.Sqlite;

/// <summary>The settings under <c>Gateway:Storage</c> that belong to the SQLite store.</summary>
public sealed class SqliteStoreOptions
{
    /// <summary>Where these settings stand in the configuration.</summary>
    public const string Section = StorageOptions.Section;

    /// <summary><see cref="Durability"/>: what is committed survives the end of the process.</summary>
    public const string Process = "process";

    /// <summary><see cref="Durability"/>: what is committed survives a power cut too.</summary>
    public const string Power = "power";

    /// <summary>The file; relative to the content root. It and its folder are created when missing.</summary>
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

    /// <summary>Free room on the disk, in bytes, below which no new session is started, so that those that run can end; 0 for none.</summary>
    /// <remarks>Left out: 64 MiB, or a twentieth of a smaller disk, but no less than 24 MiB or half of it.</remarks>
    [NumberRange(0)]
    public long? ReserveBytes { get; set; }
}
