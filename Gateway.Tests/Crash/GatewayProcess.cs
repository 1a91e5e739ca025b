using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;
using Gateway.Tests.Crash.Child;
using Gateway.Tests.Infrastructure;

namespace Gateway.Tests.Crash;

/// <summary>The gateway as a process of its own, on the data in a folder.</summary>
/// <remarks>It ends with this object; and, should the tests themselves be killed, when its standard input ends.</remarks>
internal sealed class GatewayProcess : IAsyncDisposable
{
    private const int KilledExitCode = 128 + 9;

    private readonly Process _process;
    private readonly TaskCompletionSource<Uri?> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentQueue<string> _words = new();
    private readonly Task _reading;
    private bool _disposed;

    public GatewayProcess(string folder, ChildSettings settings)
    {
        Life = settings.Life;
        var start = new ProcessStartInfo(DotnetHost())
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            ArgumentList =
            {
                Path.Combine(AppContext.BaseDirectory, "Gateway.dll"),
                "--urls=http://127.0.0.1:0",
                "--Logging:LogLevel:Default=Warning",

                // One client steers hundreds of sessions here, over one connection.
                "--Gateway:Limits:CommandsPerSecond=0",
                $"--Gateway:Storage:Path={Path.Combine(folder, "gateway.db")}",

                // Killed so often in a row a session would be taken for what ends the process, and stay paused.
                "--Gateway:Sessions:MaxInterruptions=100",
            },
        };
        settings.Write(start.Environment);
        start.Environment["DOTNET_STARTUP_HOOKS"] = typeof(GatewayProcess).Assembly.Location;
        start.Environment["DOTNET_TieredPGO"] = "0";

        // A process that is killed leaves the pipes for its debugger behind.
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        _process = Process.Start(start)!;
        _reading = Task.WhenAll(ReadAsync(_process.StandardOutput), ReadAsync(_process.StandardError));
        Exited = WaitAsync();
    }

    /// <summary>Which process on its data it is, from 1.</summary>
    public int Life { get; }

    /// <summary>Where it listens, once it does; null when it ended before.</summary>
    public Task<Uri?> Ready => _ready.Task;

    /// <summary>Completes when it has ended.</summary>
    public Task Exited { get; }

    /// <summary>Whether it was killed, by itself or from here.</summary>
    public bool WasKilled => _process is { HasExited: true, ExitCode: KilledExitCode };

    /// <summary>What it wrote.</summary>
    public string Words => string.Join("\n", _words);

    /// <summary>Lets its models speak.</summary>
    public void Go()
    {
        try
        {
            _process.StandardInput.WriteLine(Commander.GoWord);
            _process.StandardInput.Flush();
        }
        catch (IOException)
        {
            // It was killed meanwhile.
        }
    }

    public void Kill() => _process.Kill();

    public async ValueTask DisposeAsync()
    {
        if (_disposed) return;
        _disposed = true;
        _process.Kill();
        await Wait.For(Exited, "the end of a killed gateway");
        _process.Dispose();
    }

    private static string DotnetHost() => Path.GetFullPath("../../../dotnet", RuntimeEnvironment.GetRuntimeDirectory());

    private async Task ReadAsync(StreamReader output)
    {
        while (await output.ReadLineAsync() is { } line)
        {
            if (line.StartsWith(ReadyAnnouncer.Prefix, StringComparison.Ordinal)) _ready.TrySetResult(new Uri(line[ReadyAnnouncer.Prefix.Length..]));
            else _words.Enqueue(line);
        }
    }

    private async Task WaitAsync()
    {
        await _process.WaitForExitAsync();
        await _reading;
        _ready.TrySetResult(null);
    }
}
