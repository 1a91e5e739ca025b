using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Gateway.Benchmarks.Slow;

/// <summary>A gateway in a process of its own, so that its memory is its own.</summary>
internal sealed class GatewayProcess : IDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly DirectoryInfo _folder;
    private readonly HttpClient _http;

    private GatewayProcess(Process process, DirectoryInfo folder, int port)
    {
        _process = process;
        _folder = folder;
        Port = port;
        _http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
    }

    /// <summary>Where it listens on the loopback.</summary>
    public int Port { get; }

    /// <summary>Its memory in bytes, as the system counts it.</summary>
    public long WorkingSet
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    /// <summary>Starts one and waits until it is ready.</summary>
    /// <exception cref="InvalidOperationException">It was not ready in time.</exception>
    public static async Task<GatewayProcess> StartAsync(string store)
    {
        var port = FreePort();
        var folder = Directory.CreateTempSubdirectory("gateway-bench-");
        string[] arguments = ["serve", "--port", port.ToString(CultureInfo.InvariantCulture), "--store", store, $"--Gateway:Storage:Path={Path.Combine(folder.FullName, "gateway.db")}"];
        var gateway = new GatewayProcess(Process.Start(new ProcessStartInfo(Environment.ProcessPath!, arguments))!, folder, port);
        var start = TimeProvider.System.GetTimestamp();
        while (!await gateway.IsReadyAsync())
        {
            if (TimeProvider.System.GetElapsedTime(start) > StartLimit || gateway._process.HasExited)
            {
                gateway.Dispose();
                throw new InvalidOperationException("The gateway did not become ready.");
            }

            await Task.Delay(100);
        }

        return gateway;
    }

    /// <summary>Publishes events that carry the moment of the call; returns once they are published.</summary>
    public async Task PublishAsync(int count)
    {
        using var response = await _http.PostAsync(new Uri($"/publish?n={count}&t={TimeProvider.System.GetTimestamp()}", UriKind.Relative), null);
        response.EnsureSuccessStatusCode();
    }

    public void Dispose()
    {
        _http.Dispose();
        if (!_process.HasExited) _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    private async Task<bool> IsReadyAsync()
    {
        try
        {
            using var response = await _http.GetAsync(new Uri("/health/ready", UriKind.Relative));
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
