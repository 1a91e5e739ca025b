using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Gateway.Benchmarks.Conformance;

/// <summary>The gateway behind the kit: a process of its own, as it is shipped, that can be killed and started again with its log.</summary>
internal sealed class KitGateway : IAsyncDisposable
{
    private const string Announcement = "page       ";

    private readonly SemaphoreSlim _gate = new(1);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("gateway-kit-");
    private readonly List<Task> _restarts = [];
    private readonly KitOptions _options;
    private Process? _process;
    private bool _disposed;

    private KitGateway(KitOptions options) => _options = options;

    /// <summary>The process of the moment; while one starts, the one before it.</summary>
    public GatewayLife Life { get; private set; } = new(0, new Uri("http://127.0.0.1"));

    /// <summary>Starts the first one, and waits until it listens.</summary>
    public static async Task<KitGateway> StartAsync(KitOptions options)
    {
        var gateway = new KitGateway(options);
        try
        {
            await gateway.StartProcessAsync();
            return gateway;
        }
        catch
        {
            await gateway.DisposeAsync();
            throw;
        }
    }

    /// <summary>Kills a process without a warning, and starts the next one; does nothing when that has happened to it already.</summary>
    /// <remarks>Returns at once: whoever asks is cut off by it.</remarks>
    public void Restart(int life)
    {
        lock (_restarts) _restarts.Add(RestartAsync(life));
    }

    /// <summary>The process of the moment, once a restart that is under way is over.</summary>
    public async Task<GatewayLife> AliveAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        _gate.Release();
        return Life;
    }

    public async ValueTask DisposeAsync()
    {
        await _gate.WaitAsync();
        try
        {
            if (_disposed) return;
            _disposed = true;
            await EndAsync();
        }
        finally
        {
            _gate.Release();
        }

        await Task.WhenAll(_restarts);
        _folder.Delete(recursive: true);
    }

    private async Task RestartAsync(int life)
    {
        await _gate.WaitAsync();
        try
        {
            if (life != Life.Number || _disposed) return;
            await EndAsync();
            await StartProcessAsync();
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task StartProcessAsync()
    {
        var start = new ProcessStartInfo(Path.GetFullPath("../../../dotnet", RuntimeEnvironment.GetRuntimeDirectory()))
        {
            WorkingDirectory = _folder.FullName,
            RedirectStandardOutput = true,
            ArgumentList =
            {
                Path.Combine(AppContext.BaseDirectory, "Gateway.dll"),
                "--urls=http://127.0.0.1:0",
                "--Logging:LogLevel:Default=Warning",
                "--Logging:LogLevel:Gateway=Information",
                $"--Gateway:Storage:Path={Path.Combine(_folder.FullName, "gateway.db")}",
                $"--Gateway:WorkflowsPath={Path.Combine(AppContext.BaseDirectory, "Conformance", "workflows")}",
                "--Gateway:DefaultModel=kit",
                "--Gateway:Models:kit:Provider=scripted",
                string.Create(CultureInfo.InvariantCulture, $"--Gateway:Models:kit:TokensPerSecond={_options.TokensPerSecond}"),
            },
        };
        foreach (var setting in _options.GatewaySettings) start.ArgumentList.Add(setting);

        // A process that is killed leaves the pipes for its debugger behind.
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        _process = Process.Start(start)!;
        var words = new List<string>();
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            words.Add(line);
            var at = line.IndexOf(Announcement, StringComparison.Ordinal);
            if (at < 0) continue;
            Life = new GatewayLife(Life.Number + 1, new Uri(line[(at + Announcement.Length)..].Trim()));

            // Nobody needs the rest, and a pipe that is full would stop it.
            _ = _process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
            return;
        }

        throw new InvalidOperationException($"The gateway ended instead of listening:\n{string.Join('\n', words)}");
    }

    private async Task EndAsync()
    {
        if (_process is null) return;
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }
}
