using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Gateway.Benchmarks.Sessions.Contenders;

/// <summary>A server in a process of its own, so that its processor time and its memory are its own.</summary>
internal sealed class ServerProcess(ProcessStartInfo start) : IDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    // Nothing changes its number: what pins it becomes it.
    private readonly Process _process = Process.Start(start)!;

    /// <summary>Its processor time so far, as the system counts it.</summary>
    public TimeSpan CpuTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Its memory in bytes, as the system counts it.</summary>
    public long Resident
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    /// <summary>Waits until it is ready.</summary>
    /// <exception cref="InvalidOperationException">It was not ready in time, or has ended.</exception>
    public async Task WaitAsync(Func<Task<bool>> isReady)
    {
        var begin = Stopwatch.GetTimestamp();
        while (!await isReady())
        {
            if (_process.HasExited) throw new InvalidOperationException($"The server has ended with {_process.ExitCode}.");
            if (Stopwatch.GetElapsedTime(begin) > StartLimit) throw new InvalidOperationException("The server did not become ready.");
            await Task.Delay(50);
        }
    }

    /// <summary>A port that nobody listens on.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Ends it as it is.</summary>
    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }
}
