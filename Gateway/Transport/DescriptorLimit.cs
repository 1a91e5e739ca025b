using System.Runtime.InteropServices;

namespace Gateway.Transport;

/// <summary>How many files and sockets the system lets this process have open.</summary>
internal static partial class DescriptorLimit
{
    // RLIMIT_NOFILE of the kernel's headers.
    private const int OfLinux = 7;
    private const int OfMacOS = 8;

    /// <summary>The limit; null where there is none, or where it cannot be read.</summary>
    public static int? Read()
    {
        if (!Environment.Is64BitProcess || !(OperatingSystem.IsLinux() || OperatingSystem.IsMacOS())) return null;

        // The limit at this moment: the runtime has raised it to what the process may have at most.
        if (GetLimit(OperatingSystem.IsLinux() ? OfLinux : OfMacOS, out var limit) != 0) return null;
        return limit.Now <= int.MaxValue ? (int)limit.Now : null;
    }

    [LibraryImport("libc", EntryPoint = "getrlimit")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int GetLimit(int resource, out Limit limit);

    [StructLayout(LayoutKind.Sequential)]
    private struct Limit
    {
        public ulong Now;
        public ulong Most;
    }
}
