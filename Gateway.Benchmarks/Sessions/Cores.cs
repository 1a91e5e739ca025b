using System.Diagnostics;
using System.Globalization;

namespace Gateway.Benchmarks.Sessions;

/// <summary>Which cores are the server's, and which the load's: the first half, and the rest.</summary>
/// <remarks>By <c>taskset</c>, since a process that has begun can only move the thread that asks for it.</remarks>
internal static class Cores
{
    private const string Mark = "GATEWAY_BENCH_PINNED";
    private static readonly string? s_tool = Find("taskset");

    /// <summary>Whether there are cores enough, and something to pin with.</summary>
    public static bool CanPin => s_tool is not null && All > 1;

    /// <summary>Whether this process is the load, on its own cores.</summary>
    public static bool IsPinnedLoad => Environment.GetEnvironmentVariable(Mark) is not null;

    private static int All => int.TryParse(Environment.GetEnvironmentVariable(Mark), CultureInfo.InvariantCulture, out var all) ? all : Environment.ProcessorCount;

    private static string OfServer => All == 2 ? "0" : string.Create(CultureInfo.InvariantCulture, $"0-{(All / 2) - 1}");

    private static string OfLoad => string.Create(CultureInfo.InvariantCulture, $"{All / 2}-{All - 1}");

    /// <summary>Says who has which.</summary>
    public static string Words(bool isPinned) => isPinned && IsPinnedLoad ? $"server on core {OfServer}, load on {OfLoad}" : $"server and load share {All} cores";

    /// <summary>What starts a program on the server's cores; where nothing is pinned, the program itself.</summary>
    public static ProcessStartInfo StartServer(bool isPinned, string program, IEnumerable<string> arguments)
    {
        var start = isPinned && IsPinnedLoad ? new ProcessStartInfo(s_tool!, ["-c", OfServer, program, .. arguments]) : new ProcessStartInfo(program, arguments);
        start.Environment.Remove(Mark);
        return start;
    }

    /// <summary>This program on the load's cores, with the same output; its exit code.</summary>
    public static async Task<int> RunPinnedAsync(IEnumerable<string> arguments)
    {
        var (program, first) = Self;
        var start = new ProcessStartInfo(s_tool!, ["-c", OfLoad, program, .. first, .. arguments]);
        start.Environment[Mark] = All.ToString(CultureInfo.InvariantCulture);
        using var process = Process.Start(start)!;
        await process.WaitForExitAsync();
        return process.ExitCode;
    }

    /// <summary>How this program is started once more: by its own name, or by that of <c>dotnet</c>.</summary>
    public static (string Program, IReadOnlyList<string> First) Self => Path.GetFileNameWithoutExtension(Environment.ProcessPath!) == "dotnet"
        ? (Environment.ProcessPath!, [typeof(Cores).Assembly.Location])
        : (Environment.ProcessPath!, []);

    /// <summary>Where a program of the system is; null when it is nowhere.</summary>
    public static string? Find(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Append("/usr/sbin").Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);
}
