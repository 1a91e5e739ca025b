using System.Diagnostics;
using System.Runtime.InteropServices;
using Xunit;

namespace Gateway.Tests.Infrastructure;

/// <summary>Runs the .NET command line, which takes longer than anything else a test waits for.</summary>
internal static class Tool
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(6);

    /// <summary>The program itself.</summary>
    public static string DotNet { get; } = Path.GetFullPath("../../../dotnet", RuntimeEnvironment.GetRuntimeDirectory());

    /// <summary>Runs a command to its end; returns what it wrote.</summary>
    /// <exception cref="InvalidOperationException">Its exit code is not 0.</exception>
    public static async Task<string> RunAsync(string folder, Dictionary<string, string> environment, params string[] arguments)
    {
        var start = new ProcessStartInfo(DotNet, arguments) { WorkingDirectory = folder, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };

        // Nothing of it stays behind, and nothing is asked for that is not needed.
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0";
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        start.Environment["DOTNET_NOLOGO"] = "1";
        start.Environment["UseSharedCompilation"] = "false";
        foreach (var (name, value) in environment) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        try
        {
            process.StandardInput.Close();
            var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            await Task.WhenAll(process.WaitForExitAsync(), output, errors).WaitAsync(Limit, TestContext.Current.CancellationToken);
            var words = await output + await errors;
            return process.ExitCode == 0 ? words : throw new InvalidOperationException($"dotnet {string.Join(' ', arguments)} ended with {process.ExitCode}:\n{words}");
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
    }
}
