using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;
using Gateway.Lifetime;
using Gateway.Shutdown;
using Microsoft.Extensions.Options;

namespace Gateway;

/// <summary>Makes the end certain: a lost terminal stops the gateway in order, and a stop that hangs is cut.</summary>
/// <remarks>SIGTERM, SIGINT and SIGQUIT are the host's.</remarks>
internal sealed class StopSignals : IDisposable
{
    // What the host itself allows for the rest of the stop, and some time for the process to end.
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(5);

    private readonly PosixSignalRegistration? _hangUp;
    private readonly CancellationTokenRegistration _stopping;
    private readonly ManualResetEventSlim _ended = new();

    /// <summary>Watches until it is disposed.</summary>
    public StopSignals(WebApplication app)
    {
        // A test host runs the program inside a process of its own, which is not to be ended.
        if (Assembly.GetEntryAssembly() != typeof(StopSignals).Assembly) return;
        var lifetime = app.Lifetime;
        if (!OperatingSystem.IsWindows())
        {
            _hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, context =>
            {
                // Else the system ends the process at once.
                context.Cancel = true;
                ThreadPool.UnsafeQueueUserWorkItem(static lifetime => lifetime.StopApplication(), lifetime, preferLocal: false);
            });
        }

        var longest = DrainServices.LongestStop(app.Services.GetRequiredService<IOptions<ShutdownOptions>>().Value) + Slack;
        _stopping = lifetime.ApplicationStopping.Register(() => CutAfter(longest));
    }

    public void Dispose()
    {
        _hangUp?.Dispose();
        _stopping.Dispose();
        _ended.Set();
    }

    // A thread of its own, and a signal that asks nobody: what hangs may be the pool, the console or a finaliser.
    private void CutAfter(TimeSpan time) => new Thread(() =>
    {
        if (_ended.Wait(time)) return;
        using var self = Process.GetCurrentProcess();
        self.Kill();
    })
    {
        IsBackground = true,
        Name = "stop watch",
    }.Start();
}
