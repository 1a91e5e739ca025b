using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Gateway.Tests.Infrastructure;

namespace Gateway.Tests.Chaos;

/// <summary>The gateway as it is shipped, in a process with the memory of a small container; it ends with this object.</summary>
internal sealed class LimitedGateway : IAsyncDisposable
{
    /// <summary>What the process may hold at any time, in bytes.</summary>
    public const long MemoryLimit = 512L << 20;

    private const string Listening = "http://127.0.0.1:";

    // What .NET gives its heap by itself in a container of that size: three quarters.
    private const long HeapLimit = MemoryLimit / 4 * 3;

    private readonly TempFolder _folder = new();
    private readonly Process _process;
    private readonly TaskCompletionSource<Uri> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly Task _reading;

    public LimitedGateway(params string[] settings)
    {
        var start = new ProcessStartInfo(Path.GetFullPath("../../../dotnet", RuntimeEnvironment.GetRuntimeDirectory()))
        {
            WorkingDirectory = _folder.Path,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        string[] defaults = ["--urls=http://127.0.0.1:0", $"--Gateway:Storage:Path={_folder.At("gateway.db")}"];
        foreach (var argument in (string[])[Path.Combine(AppContext.BaseDirectory, "Gateway.dll"), .. defaults, .. settings]) start.ArgumentList.Add(argument);
        start.Environment.Remove(ShortLives.Setting);
        start.Environment["DOTNET_GCHeapHardLimit"] = HeapLimit.ToString("x", CultureInfo.InvariantCulture);

        // A process that is killed leaves the pipes for its debugger behind.
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        _process = Process.Start(start)!;
        _reading = Task.WhenAll(ReadAsync(_process.StandardOutput), ReadAsync(_process.StandardError));
    }

    /// <summary>Where it listens, once it does.</summary>
    public Task<Uri> Ready => Wait.For(_ready.Task, "the gateway to listen");

    /// <summary>Whether it has ended by itself.</summary>
    public bool HasEnded => _process.HasExited;

    /// <summary>What it wrote.</summary>
    public string Words => string.Join("\n", _lines);

    /// <summary>What it logged as an error, with the stacks.</summary>
    public IReadOnlyList<string> Errors
    {
        get
        {
            var errors = new List<string>();
            var inError = false;
            foreach (var line in _lines)
            {
                if (!line.StartsWith(' ')) inError = line.StartsWith("fail:", StringComparison.Ordinal) || line.StartsWith("crit:", StringComparison.Ordinal) || line.StartsWith("Unhandled", StringComparison.Ordinal);
                if (inError) errors.Add(line);
            }

            return errors;
        }
    }

    /// <summary>Its process.</summary>
    public Process Process => _process;

    /// <summary>The most memory it has held, in bytes, without the pages of files, which the system takes back as it likes.</summary>
    public long PeakMemory() => Status("VmHWM:") - Status("RssFile:");

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await Wait.For(_process.WaitForExitAsync(), "the end of a killed gateway");
        await _reading;
        _process.Dispose();
        _folder.Dispose();
    }

    private long Status(string name)
    {
        var line = File.ReadLines($"/proc/{_process.Id}/status").First(line => line.StartsWith(name, StringComparison.Ordinal));
        return long.Parse(line.AsSpan(name.Length, line.Length - name.Length - 3).Trim(), CultureInfo.InvariantCulture) << 10;
    }

    private async Task ReadAsync(StreamReader output)
    {
        while (await output.ReadLineAsync() is { } line)
        {
            _lines.Enqueue(line);
            var at = line.IndexOf(Listening, StringComparison.Ordinal);
            if (at < 0 || _ready.Task.IsCompleted) continue;
            var end = at + Listening.Length;
            while (end < line.Length && char.IsAsciiDigit(line[end])) end++;
            _ready.TrySetResult(new Uri(line[at..end]));
        }
    }
}
