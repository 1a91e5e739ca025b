using System.Diagnostics;
using System.Text;
using Gateway.Tests.Infrastructure;
using Xunit;

namespace Gateway.Tests.Samples;

/// <summary>A program under test, in a process of its own: what it writes can be waited for, and lines and keys sent. It ends with this object.</summary>
internal sealed class SampleProcess : IAsyncDisposable
{
    // A process of .NET takes its time to start on a machine that builds and tests beside it.
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly List<(Func<string, bool> Holds, TaskCompletionSource Seen)> _waiting = [];
    private readonly Task _reading;

    private SampleProcess(ProcessStartInfo start)
    {
        (start.RedirectStandardInput, start.RedirectStandardOutput, start.RedirectStandardError) = (true, true, true);
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        start.Environment["DOTNET_NOLOGO"] = "1";
        start.Environment.Remove("GATEWAY");
        _process = Process.Start(start)!;
        _reading = Task.WhenAll(ReadAsync(_process.StandardOutput), ReadAsync(_process.StandardError));
    }

    /// <summary>All it has written so far, errors included.</summary>
    public string Output
    {
        get
        {
            lock (_output) return _output.ToString();
        }
    }

    /// <summary>Starts a program.</summary>
    public static SampleProcess Start(string program, IEnumerable<string> arguments, Dictionary<string, string>? environment = null, string? folder = null)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder ?? string.Empty };
        foreach (var (name, value) in environment ?? []) start.Environment[name] = value;
        return new SampleProcess(start);
    }

    /// <summary>Starts a .NET program with its output in a pipe.</summary>
    public static SampleProcess StartPlain(string program, params string[] arguments) => Start(Tool.DotNet, [program, .. arguments]);

    /// <summary>Starts a .NET program on a terminal of some size; null where there is nothing that makes one.</summary>
    public static SampleProcess? StartOnTerminal(int width, int height, string program, params string[] arguments)
    {
        if (!OperatingSystem.IsLinux() || !File.Exists("/usr/bin/script")) return null;
        var command = string.Join(' ', ((string[])[Tool.DotNet, program, .. arguments]).Select(word => $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'"));
        return Start("/usr/bin/script", ["-qec", $"stty cols {width} rows {height}; exec {command}", "/dev/null"], new() { ["TERM"] = "xterm-256color", ["SHELL"] = "/bin/sh", ["LANG"] = "C.UTF-8" });
    }

    /// <summary>Waits until it has written something.</summary>
    public Task SeeAsync(string words) => SeeAsync(output => output.Contains(words, StringComparison.Ordinal), $"'{words}'");

    /// <summary>Waits until what it has written is as asked.</summary>
    public async Task SeeAsync(Func<string, bool> holds, string what)
    {
        var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_output)
        {
            if (holds(_output.ToString())) return;
            _waiting.Add((holds, seen));
        }

        try
        {
            await seen.Task.WaitAsync(Limit, TestContext.Current.CancellationToken);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"Waited in vain for {what}. The program wrote:\n{Output}");
        }
    }

    /// <summary>Types.</summary>
    public async Task TypeAsync(string keys)
    {
        await _process.StandardInput.WriteAsync(keys);
        await _process.StandardInput.FlushAsync();
    }

    /// <summary>Waits for its end; returns its exit code.</summary>
    public async Task<int> ExitAsync()
    {
        try
        {
            await Task.WhenAll(_process.WaitForExitAsync(), _reading).WaitAsync(Limit);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"Waited in vain for the end of the program. It wrote:\n{Output}");
        }

        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private async Task ReadAsync(StreamReader reader)
    {
        var buffer = new char[4096];
        while (await reader.ReadAsync(buffer) is > 0 and var read)
        {
            lock (_output)
            {
                _output.Append(buffer, 0, read);
                if (_waiting.Count == 0) continue;
                var output = _output.ToString();
                foreach (var (_, seen) in _waiting.Where(waiting => waiting.Holds(output))) seen.TrySetResult();
                _waiting.RemoveAll(waiting => waiting.Seen.Task.IsCompleted);
            }
        }
    }
}
