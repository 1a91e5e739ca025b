using System.Diagnostics;
using Gateway.Tests.Infrastructure;
using Xunit;

namespace Gateway.Tests.Client.TypeScript;

/// <summary>The browser library, compiled, and Node.js to run it; tests are skipped where one of them is missing.</summary>
internal static class NodeLibrary
{
    // Once for all: what one test runs must not be written anew by another.
    private static readonly Lazy<Task<(string? Missing, string? Mistakes)>> s_compiled = new(CompileAsync);

    public static string Folder { get; } = Path.Combine(Repository.Root, "clients", "typescript");

    /// <summary>Skips the test where there is nothing to run the library with, and fails it when the library does not compile.</summary>
    public static async Task RequireAsync()
    {
        var (missing, mistakes) = await s_compiled.Value;
        Assert.SkipWhen(missing is not null, missing ?? "");
        Assert.True(mistakes is null, $"The browser library does not compile:\n{mistakes}");
    }

    /// <summary>The TypeScript compiler, for <see cref="RunAsync"/>.</summary>
    public static string Compiler { get; } = Path.Combine(Folder, "node_modules", "typescript", "bin", "tsc");

    /// <summary>Whether Node.js is installed.</summary>
    public static bool HasNode => OnPath("node");

    /// <summary>Runs Node.js in the library's folder, or in another; returns its exit code and what it wrote.</summary>
    public static async Task<(int Exit, string Output)> RunAsync(string[] arguments, string? input = null, Dictionary<string, string>? environment = null, string? folder = null, TimeSpan? limit = null)
    {
        var start = new ProcessStartInfo("node") { WorkingDirectory = folder ?? Folder, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        foreach (var (name, value) in environment ?? []) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        try
        {
            var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
            var words = await Wait.For(output, "what Node.js writes", limit) + await Wait.For(errors, "the errors of Node.js");
            await Wait.For(process.WaitForExitAsync(), "the end of Node.js");
            return (process.ExitCode, words);
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
    }

    private static async Task<(string? Missing, string? Mistakes)> CompileAsync()
    {
        if (!HasNode) return ("There is no Node.js on this machine: install it to run the tests of the browser library.", null);
        if (!File.Exists(Compiler)) return ("The TypeScript compiler is not installed: run 'npm ci' in clients/typescript.", null);
        // As 'npm run build' does: comments are for those who read types, and not for those who load the code.
        var (exit, output) = await RunAsync([Compiler]);
        if (exit == 0) (exit, output) = await RunAsync([Compiler, "--removeComments", "--declaration", "false"]);
        return (null, exit == 0 ? null : output);
    }

    private static bool OnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program)));
}
