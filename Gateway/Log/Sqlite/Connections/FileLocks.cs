using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Gateway.Log.Sqlite.Connections;

/// <summary>Locks on open files, as the system keeps them until the file is closed or the process ends.</summary>
internal static partial class FileLocks
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    // flock of the C library; the same on Linux and macOS.
    private const int ExclusiveNow = 2 | 4;
    private const int InterruptedCall = 4;

    // F_OFD_SETLK of Linux. The place is far behind the bytes that SQLite locks, and behind the end of any file.
    private const int SetLock = 37;
    private const long Place = 1L << 60;

    /// <summary>Opens a file, or makes one that only its owner may read.</summary>
    public static FileStream Open(string path, FileAccess access)
    {
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = access, Share = OperatingSystem.IsWindows() ? FileShare.None : FileShare.ReadWrite | FileShare.Delete, BufferSize = 0 };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnly;
        return new FileStream(path, options);
    }

    /// <summary>Takes the rights to a file from everybody but its owner; false when the file is another user's.</summary>
    public static bool MakePrivate(string path)
    {
        if (OperatingSystem.IsWindows() || !File.Exists(path)) return true;
        try
        {
            var mode = File.GetUnixFileMode(path);
            const UnixFileMode Owner = OwnerOnly | UnixFileMode.UserExecute;
            if ((mode & ~Owner) != 0) File.SetUnixFileMode(path, mode & Owner);
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Locks a whole file; false when it is locked already. On Windows opening it has done so.</summary>
    /// <remarks>Asked of the system, because .NET's own lock can be switched off and ignores a file system that has none.</remarks>
    /// <exception cref="IOException">The file system has no locks.</exception>
    public static bool TryLock(FileStream file) => OperatingSystem.IsWindows() || IsTaken(FLock(file.SafeFileHandle, ExclusiveNow));

    /// <summary>Locks a log file itself, whatever name it was opened by; false when another gateway has it. On Linux only.</summary>
    /// <exception cref="IOException">The file system has no locks.</exception>
    public static bool TryLockContent(FileStream file)
    {
        if (!OperatingSystem.IsLinux() || !Environment.Is64BitProcess) return true;
        var range = new Range { Kind = 1, Start = Place, Length = 1 };
        return IsTaken(Control(file.SafeFileHandle, SetLock, ref range));
    }

    private static bool IsTaken(int result)
    {
        if (result == 0) return true;
        var error = Marshal.GetLastPInvokeError();

        // EAGAIN of Linux and macOS, EACCES, and a call that a signal has interrupted: tried again like a lock that is held.
        return error is 11 or 35 or 13 or InterruptedCall ? false : throw new IOException($"The file cannot be locked: {Marshal.GetPInvokeErrorMessage(error)}.");
    }

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int FLock(SafeFileHandle file, int operation);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Control(SafeFileHandle file, int command, ref Range range);

    // struct flock of 64-bit Linux.
    [StructLayout(LayoutKind.Sequential)]
    private struct Range
    {
        public short Kind;
        public short Whence;
        public long Start;
        public long Length;
        public int Process;
    }
}
