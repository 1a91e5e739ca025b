namespace Gateway.Log.Sqlite.Connections;

/// <summary>What a committed event survives.</summary>
internal enum LogDurability
{
    /// <summary>The end of the process, whatever its cause. A power cut may lose the last commits and damage the file.</summary>
    Process,

    /// <summary>A power cut too: each commit waits until the disk has it.</summary>
    Power,
}
