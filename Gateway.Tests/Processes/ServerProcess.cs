using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using Gateway.Tests.Infrastructure;

namespace Gateway.Tests.Processes;

/// <summary>The stand-alone gateway as people run it: a process with nothing of the tests in it. It ends with this object.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private const string Announcement = "page       ";

    private readonly Process _process;

    private ServerProcess(Process process, Uri address)
    {
        _process = process;
        Client = new HttpClient { BaseAddress = address, Timeout = Wait.Limit };
        Address = address;
    }

    public Uri Address { get; }

    public HttpClient Client { get; }

    public StreamReader Output => _process.StandardOutput;

    public bool HasExited => _process.HasExited;

    /// <summary>The files that it has mapped into its memory, assemblies among them.</summary>
    public string Maps => File.ReadAllText($"/proc/{_process.Id}/maps");

    /// <summary>Starts one, and waits until it listens; afterwards nobody reads what it writes unless the test does.</summary>
    /// <param name="folder">Where it stands and keeps its file.</param>
    /// <param name="shell">What a shell does before it becomes the gateway, such as <c>ulimit -n 400</c>.</param>
    /// <param name="program">The program's file; null for the one beside the tests.</param>
    /// <param name="settings">Arguments.</param>
    public static async Task<ServerProcess> StartAsync(string folder, string shell, string? program, params string[] settings)
    {
        var start = new ProcessStartInfo("/bin/sh") { WorkingDirectory = folder, RedirectStandardInput = true, RedirectStandardOutput = true };
        string[] command = [Path.GetFullPath("../../../dotnet", RuntimeEnvironment.GetRuntimeDirectory()), program ?? Path.Combine(AppContext.BaseDirectory, "Gateway.dll"), "--urls=http://127.0.0.1:0", .. settings];
        foreach (var argument in (string[])["-c", $"{shell}\nexec \"$@\"", "sh", .. command]) start.ArgumentList.Add(argument);
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        var process = Process.Start(start)!;
        var words = new StringBuilder();
        while (await Wait.For(process.StandardOutput.ReadLineAsync(), "the announcement of the gateway") is { } line)
        {
            words.AppendLine(line);
            if (line.IndexOf(Announcement, StringComparison.Ordinal) is >= 0 and var at) return new ServerProcess(process, new Uri(line[(at + Announcement.Length)..].Trim()));
        }

        throw new InvalidOperationException($"The gateway ended instead of listening:\n{words}");
    }

    /// <summary>Sends a signal, such as <c>TERM</c>.</summary>
    public async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("/bin/sh", ["-c", $"kill -{signal} {_process.Id}"]);
        await Wait.For(kill.WaitForExitAsync(), "the signal to be sent");
    }

    /// <summary>Waits for its end; returns its exit code.</summary>
    public async Task<int> ExitAsync()
    {
        await Wait.For(_process.WaitForExitAsync(), "the end of the gateway");
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
