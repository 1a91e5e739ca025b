using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Gateway.Files;

/// <summary>Opens files of the operator's, which may be anything that has a name.</summary>
/// <remarks>
/// Opening a pipe waits until somebody writes into it, for ever and past every stop. So it is opened without waiting, and what has
/// no length, such as a pipe or a terminal, is refused.
/// </remarks>
internal static partial class RegularFile
{
    /// <summary>Opens a file for reading, whoever else reads, writes or deletes it.</summary>
    /// <exception cref="IOException">It is not there, cannot be opened, or is no regular file.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read, or is a folder.</exception>
    public static FileStream OpenRead(string path)
    {
        // File.OpenRead says in the framework's words why a file does not open, and knows the ways of Windows.
        if (OperatingSystem.IsWindows()) return Share(path);
        var handle = Open(path, Flags);
        if (handle.IsInvalid)
        {
            handle.Dispose();
            return Share(path);
        }

        var file = new FileStream(handle, FileAccess.Read);
        if (file.CanSeek && !Directory.Exists(path)) return file;
        file.Dispose();
        throw Directory.Exists(path) ? new UnauthorizedAccessException($"'{path}' is a folder.") : new IOException($"'{path}' is no regular file but a pipe, a socket or a device.");
    }

    /// <summary>Reads a whole file that has at most so many bytes; one that grows meanwhile is cut at the length it had.</summary>
    /// <param name="path">The file.</param>
    /// <param name="maxLength">The most bytes.</param>
    /// <param name="tooLong">Makes the exception for a file with more, from its length.</param>
    public static byte[] ReadAll(string path, int maxLength, Func<long, Exception> tooLong)
    {
        using var file = OpenRead(path);
        if (file.Length > maxLength) throw tooLong(file.Length);
        var content = new byte[file.Length];
        file.ReadExactly(content);
        return content;
    }

    private static FileStream Share(string path) => new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);

    // O_RDONLY (0), O_NONBLOCK and O_CLOEXEC.
    private static int Flags => OperatingSystem.IsMacOS() ? 0x4 | 0x100_0000 : 0x800 | 0x8_0000;

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle Open(string path, int flags);
}
