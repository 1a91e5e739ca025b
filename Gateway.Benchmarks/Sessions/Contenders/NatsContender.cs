using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using Gateway.Benchmarks.Sessions.Measures;

namespace Gateway.Benchmarks.Sessions.Contenders;

/// <summary>A <c>nats-server</c> that stores nothing: the sessions publish the same events, and each viewer subscribes to its session over a WebSocket.</summary>
/// <remarks>Spoken to in its own protocol, a line and a payload, in the frames of a WebSocket without TLS.</remarks>
internal sealed class NatsContender : IContender
{
    private const int AtOnce = 16;
    private const string Greeting = "CONNECT {\"verbose\":false,\"pedantic\":false,\"lang\":\"bench\",\"version\":\"1\"}\r\n";

    private readonly DirectoryInfo _folder;
    private readonly Uri _address;
    private readonly CancellationTokenSource _end = new();
    private readonly List<ClientWebSocket> _sockets = [];
    private readonly Lock _gate = new();

    private NatsContender(ServerProcess process, DirectoryInfo folder, int port)
    {
        Process = process;
        _folder = folder;
        _address = new Uri($"ws://127.0.0.1:{port}");
    }

    /// <summary>Where the server's program is; null when this machine has none.</summary>
    public static string? Program { get; } = Cores.Find("nats-server");

    /// <inheritdoc/>
    public ServerProcess Process { get; }

    /// <summary>Starts one and waits until it listens.</summary>
    public static async Task<NatsContender> StartAsync(SessionsOptions options)
    {
        var (port, plain) = (ServerProcess.FreePort(), ServerProcess.FreePort());
        var folder = Directory.CreateTempSubdirectory("nats-bench-");
        var settings = Path.Combine(folder.FullName, "nats.conf");
        await File.WriteAllTextAsync(settings, $"host: 127.0.0.1\nport: {plain}\nlog_file: \"{Path.Combine(folder.FullName, "nats.log")}\"\nwebsocket {{\n  host: 127.0.0.1\n  port: {port}\n  no_tls: true\n}}\n");
        var contender = new NatsContender(new ServerProcess(Cores.StartServer(options.IsPinned, Program!, ["-c", settings])), folder, port);
        try
        {
            await contender.Process.WaitAsync(() => ListensAsync(port));
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
        var publishers = new List<NatsPublisher>();
        for (var i = 0; i < Math.Min(options.Publishers, options.Sessions); i++) publishers.Add(new NatsPublisher(await ConnectAsync(Greeting, null), _end.Token));
        await Parallel.ForEachAsync(Enumerable.Range(0, options.Sessions), new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (number, stop) =>
        {
            var subject = $"s{number}";
            for (var i = 0; i < options.Viewers; i++) await ConnectAsync($"{Greeting}SUB {subject} 1\r\n", receipts);
            _ = NatsSession.RunAsync(subject, options.Rate, publishers[number % publishers.Count], _end.Token);
        });
    }

    /// <inheritdoc/>
    public Task<ServerCounts?> CountAsync() => Task.FromResult<ServerCounts?>(null);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        Process.Dispose();
        foreach (var socket in _sockets) socket.Dispose();
        _end.Dispose();
        _folder.Delete(recursive: true);
    }

    private async Task<ClientWebSocket> ConnectAsync(string words, Receipts? receipts)
    {
        var socket = new ClientWebSocket();
        lock (_gate) _sockets.Add(socket);
        await socket.ConnectAsync(_address, _end.Token);
        await socket.SendAsync(Encoding.ASCII.GetBytes(words), WebSocketMessageType.Binary, endOfMessage: true, _end.Token);
        _ = ReadAsync(socket, receipts);
        return socket;
    }

    private static async Task ReadAsync(ClientWebSocket socket, Receipts? receipts)
    {
        var reader = new NatsReader(payload => receipts?.Take(payload));
        try
        {
            while (true)
            {
                var received = await socket.ReceiveAsync(reader.Room, CancellationToken.None);
                if (received.MessageType == WebSocketMessageType.Close) break;
                reader.Read(received.Count);
            }
        }
        catch (Exception exception) when (exception is WebSocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The end of the measurement.
        }
    }

    private static async Task<bool> ListensAsync(int port)
    {
        using var socket = new TcpClient();
        try
        {
            await socket.ConnectAsync("127.0.0.1", port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
