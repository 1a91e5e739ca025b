using System.Globalization;
using System.Net;
using System.Net.WebSockets;
using Gateway.Benchmarks.Sessions.Measures;
using Gateway.Benchmarks.Sessions.Server;

namespace Gateway.Benchmarks.Sessions.Contenders;

/// <summary>The gateway: its sessions speak at the given pace, and each viewer is a WebSocket at its session's address.</summary>
internal sealed class GatewayContender : IContender
{
    private const int AtOnce = 16;

    private readonly HttpClient _http;
    private readonly DirectoryInfo _folder;
    private readonly int _port;
    private readonly List<ClientWebSocket> _sockets = [];

    private GatewayContender(ServerProcess process, DirectoryInfo folder, int port)
    {
        Process = process;
        _folder = folder;
        _port = port;
        _http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
    }

    /// <inheritdoc/>
    public ServerProcess Process { get; }

    /// <summary>Starts one on a file of its own and waits until it is ready.</summary>
    public static async Task<GatewayContender> StartAsync(string store, SessionsOptions options)
    {
        var port = ServerProcess.FreePort();
        var folder = Directory.CreateTempSubdirectory("gateway-bench-");
        var (program, first) = Cores.Self;
        var process = new ServerProcess(Cores.StartServer(options.IsPinned, program,
        [
            .. first, SessionsServer.Command, $"--urls=http://127.0.0.1:{port}", string.Create(CultureInfo.InvariantCulture, $"--rate={options.Rate}"),
            $"--Gateway:Storage:Provider={store}", $"--Gateway:Storage:Path={Path.Combine(folder.FullName, "gateway.db")}",
            "--Gateway:Limits:CommandsPerSecond=0", $"--Gateway:Sessions:MaxCallsPerModel={Math.Max(1000, options.Sessions)}", .. options.Settings,
        ]));
        var contender = new GatewayContender(process, folder, port);
        try
        {
            await process.WaitAsync(contender.IsReadyAsync);
            return contender;
        }
        catch
        {
            await contender.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async Task BeginAsync(SessionsOptions options, Receipts receipts)
    {
        var gate = new Lock();
        await Parallel.ForEachAsync(Enumerable.Range(0, options.Sessions), new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (number, cancellationToken) =>
        {
            var id = $"s{number}";
            using var answer = await _http.PostAsJsonAsync(new Uri("/api/v1/sessions", UriKind.Relative), new { workflow_id = SessionsServer.Workflow, subject = "The everyday shape", session_id = id }, cancellationToken);
            answer.EnsureSuccessStatusCode();
            for (var i = 0; i < options.Viewers; i++)
            {
                var socket = new ClientWebSocket();
                lock (gate) _sockets.Add(socket);
                await socket.ConnectAsync(new Uri($"ws://127.0.0.1:{_port}/ws?session_id={id}"), cancellationToken);
                _ = ReadAsync(socket, receipts);
            }
        });
    }

    /// <inheritdoc/>
    public async Task<ServerCounts?> CountAsync() => await _http.GetFromJsonAsync<ServerCounts>(new Uri(CountsEndpoint.Path, UriKind.Relative));

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        Process.Dispose();
        foreach (var socket in _sockets) socket.Dispose();
        _http.Dispose();
        _folder.Delete(recursive: true);
        return default;
    }

    private static async Task ReadAsync(ClientWebSocket socket, Receipts receipts)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            while (true)
            {
                var received = await socket.ReceiveAsync(buffer.AsMemory(), CancellationToken.None);
                if (received.MessageType == WebSocketMessageType.Close) break;
                receipts.Take(buffer.AsSpan(0, received.Count));
            }
        }
        catch (Exception exception) when (exception is WebSocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The end of the measurement.
        }
    }

    private async Task<bool> IsReadyAsync()
    {
        try
        {
            using var answer = await _http.GetAsync(new Uri("/health/ready", UriKind.Relative));
            return answer.StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
