using System.Diagnostics;
using System.Runtime.InteropServices;
using Gateway.Tests.Infrastructure;

namespace Gateway.Tests.Benchmarks;

/// <summary><c>Gateway.Benchmarks serve</c> as a process of its own; it ends with this object.</summary>
internal sealed class BenchHost : IAsyncDisposable
{
    private const string Listening = "Now listening on: ";

    private readonly TempFolder _folder = new();
    private readonly Process _process;
    private readonly TaskCompletionSource<Uri> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _reading;

    public BenchHost(string store)
    {
        var start = new ProcessStartInfo(Path.GetFullPath("../../../dotnet", RuntimeEnvironment.GetRuntimeDirectory()))
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            ArgumentList =
            {
                Program(), "serve", "--port", "0", "--store", store,
                $"--Gateway:Storage:Path={_folder.At("gateway.db")}",
                "--Logging:LogLevel:Microsoft.Hosting.Lifetime=Information",
            },
        };

        // A process that is killed leaves the pipes for its debugger behind.
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        _process = Process.Start(start)!;
        _reading = Task.WhenAll(ReadAsync(_process.StandardOutput), ReadAsync(_process.StandardError));
    }

    /// <summary>Where it listens, once it does.</summary>
    public Task<Uri> Ready => Wait.For(_ready.Task, "the bench host to listen");

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await Wait.For(_process.WaitForExitAsync(), "the end of a killed bench host");
        await _reading;
        _process.Dispose();
        _folder.Dispose();
    }

    // The project is built along with the tests, in the same configuration; its packages stay in its own folder.
    private static string Program()
    {
        var output = new DirectoryInfo(AppContext.BaseDirectory);
        var root = output.Parent!.Parent!.Parent!.Parent!;
        return Path.Combine(root.FullName, "Gateway.Benchmarks", "bin", output.Parent.Name, output.Name, "Gateway.Benchmarks.dll");
    }

    private async Task ReadAsync(StreamReader output)
    {
        while (await output.ReadLineAsync() is { } line)
        {
            var at = line.IndexOf(Listening, StringComparison.Ordinal);
            if (at >= 0) _ready.TrySetResult(new Uri(line[(at + Listening.Length)..]));
        }
    }
}
