using System.Diagnostics;
using Gateway.Tests.Infrastructure;

namespace Gateway.Tests.Conformance;

/// <summary>The kit's command, run to its end.</summary>
internal static class KitCommand
{
    /// <summary>Returns its exit code and what it wrote.</summary>
    public static async Task<(int Exit, string Words)> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo(Tool.DotNet, [Repository.ProgramOf("Gateway.Benchmarks"), "conformance", .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await Wait.For(process.WaitForExitAsync(), "the end of the command");
        return (process.ExitCode, await output + await errors);
    }
}
