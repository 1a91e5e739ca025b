using System.Globalization;
using System.Runtime.InteropServices;

namespace Gateway.Log.Sqlite.Connections;

/// <summary>Which file a name leads to, told by what stays when the file is renamed and differs in every copy.</summary>
/// <param name="Inode">Its number in its file system.</param>
/// <param name="Born">When it was made, in nanoseconds since 1970; 0 where the file system does not say.</param>
/// <remarks>Without the device: its number may be another one after the machine's next start.</remarks>
internal readonly partial record struct FileIdentity(ulong Inode, long Born)
{
    // From the kernel's headers; the layout of statx is the same on every processor.
    private const int CurrentFolder = -100;
    private const uint WantedFields = 0x100 | 0x800;
    private const int InodeAt = 32;
    private const int BornAt = 80;
    private const int Size = 256;

    /// <summary>The identity of the file with this name; null when there is none, or where the system is not asked.</summary>
    public static unsafe FileIdentity? Of(string path)
    {
        if (!OperatingSystem.IsLinux()) return null;
        var buffer = stackalloc byte[Size];
        try
        {
            if (Stat(CurrentFolder, path, 0, WantedFields, buffer) != 0) return null;
        }
        catch (EntryPointNotFoundException)
        {
            // A very old C library.
            return null;
        }

        return new FileIdentity(*(ulong*)(buffer + InodeAt), (*(long*)(buffer + BornAt) * 1_000_000_000) + *(uint*)(buffer + BornAt + sizeof(long)));
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Inode}@{Born}");

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static unsafe partial int Stat(int folder, string path, int flags, uint fields, byte* result);
}
